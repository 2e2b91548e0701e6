"""Which paper a locale prints on."""

import pytest

from kapnotes.domain.paper_size import PaperSize, paper_size_of


@pytest.mark.parametrize(
    "locale", ["en_US", "en_US.UTF-8", "en-CA", "fr_CA", "es_MX", "fil_PH", "es_Latn_CL@x", "es_PR"]
)
def test_where_letter_is_the_paper_of_the_country_a_page_is_letter(locale):
    assert paper_size_of(locale) is PaperSize.LETTER


@pytest.mark.parametrize(
    "locale", ["de_DE", "en_GB.UTF-8", "es_ES", "pt_BR", "en_AU", "C", "C.UTF-8", "", "en", "us", "ca_ES"]
)
def test_elsewhere_and_where_no_country_is_named_it_is_a4(locale):
    assert paper_size_of(locale) is PaperSize.A4
