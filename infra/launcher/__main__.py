"""`python -m infra.launcher`: what ./boxoffice runs."""

from infra.launcher.app import main

if __name__ == "__main__":
    main()
