"""Guards against text that the parser drops: every word of the statement must be in the tree.

sqlglot reads some idioms without keeping a trace of them. So the tree is written again in Redshift's dialect, and the
words of both texts are compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

from ...errors import RefusedByRedshift
from ..dialect import RedshiftSource

# Words that may be missing without a change of meaning: noise words, synonyms, and forms with a node of their own.
_DROPPED = frozenset(
    """
    as inner outer asc ( ) . @ :: != + ^ all true for minus isnull notnull unknown
    nulls last fetch first next row rows only top approximate into table temp user current_user current_timestamp
    convert substring position trim extract
    int int2 int4 int8 integer bigint smallint float float4 float8 real double precision bool boolean text varchar
    nvarchar char nchar bpchar character varying dec decimal numeric date datetime time timetz timestamp timestamptz
    with without zone binary varbyte varbinary super oid regclass
    """.split()  # noqa: SIM905 - a page of words reads better than a page of quotes
)
_KEYWORD_ARGUMENTS = {"substring": 2, "convert": 1, "position": 1, "trim": 1}
"""Special forms whose arguments are written again with keywords: the number of commas that each may lose."""


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    """The texts to compare: those of an interval's string one by one, because its unit may move into it."""
    previous = ""
    for token, following in zip_longest(tokens, tokens[1:]):
        text = token.text.lower()
        if token.token_type == TokenType.STRING and previous != "interval":
            yield repr(token.text)
        elif token.token_type == TokenType.NUMBER:
            number = text.removeprefix("0.").removesuffix(".")
            yield f"interval {number}" if previous == "interval" else number
        elif token.token_type == TokenType.IDENTIFIER:
            yield text
        elif text == previous == "@":
            yield "@@"
        elif text != "!" or following is None or following.text != "~":
            yield from text.split()
        previous = text


def _words_of_unnest(tree: exp.Expr) -> set[str]:
    """The words of `UNNEST(…) WITH OFFSET AS alias (…)`, which sqlglot writes in another form, without the alias."""
    aliases = {node.alias.lower() for node in tree.find_all(exp.Unnest)}
    return aliases | {"unnest", "offset"} if aliases else aliases


def refuse_dropped(tokens: Sequence[Token], tree: exp.Expr) -> None:
    """Raises RefusedByRedshift if a word of the statement is not in its tree.

    Args:
        tokens: The statement's tokens.
        tree: The parser's tree of them.
    """
    written = tree.sql(RedshiftSource, comments=False, normalize_functions=False)
    source = Counter(_words(tokens))
    missing = source - Counter(_words(RedshiftSource().tokenize(written)))
    commas = sum(source[name] * count for name, count in _KEYWORD_ARGUMENTS.items())
    missing -= Counter({",": commas})
    for word in missing.keys() - _words_of_unnest(tree):
        if word not in _DROPPED:
            raise RefusedByRedshift(f'syntax error at or near "{word}": Redshift has no such text here')
