"""The printed form of what is generated for a star."""

import pytest

from warehouse.generated import main


def test_the_generated_sql_of_one_star_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    main(["tickit"])

    printed = capsys.readouterr().out
    assert "CREATE OR REPLACE PROCEDURE tickit.sp_merge_fact_sales(" in printed
    assert "'sale_users_known'" in printed
    assert "ticketmaster" not in printed
