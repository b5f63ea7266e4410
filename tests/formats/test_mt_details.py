from umlauf.formats.mt_details import Details, details_of

RF = "RF18539007547034"


def test_german_sub_fields_give_party_and_references():
    found = details_of(
        [
            "166?00GUTSCHRIFT?20EREF+INV-1?21MREF+M-9?22SVWZ+Rechnung 17 vom 5.1",
            ".?30BYLADEM1001?31DE02 1203",
            " 0000?32Stadtwerke Muster-?33stadt GmbH",
        ]
    )

    assert found == Details(
        name="Stadtwerke Muster-stadt GmbH",
        account="DE0212030000",
        end_to_end_id="INV-1",
        mandate_id="M-9",
        remittance="Rechnung 17 vom 5.1.",
        business_code="166",
    )


def test_a_sub_field_cut_at_27_characters_goes_on_without_a_blank():
    found = details_of(["166?20SVWZ+Rechnung Nummer 4711 vo?21n gestern?22und heute"])

    assert found.remittance == "Rechnung Nummer 4711 von gestern und heute"


def test_another_mark_than_the_question_mark_is_seen():
    assert details_of(["000>100987654321", ">20ONE>21TWO>310390123456"]).account == "0390123456"


def test_codes_between_slashes_are_read():
    found = details_of(["/EREF/INV-1/NAME/Jan Jansen/IBAN/NL02ABNA0123456789/REMI/USTD//Thanks/"])

    assert (found.end_to_end_id, found.name, found.account) == (
        "INV-1", "Jan Jansen", "NL02ABNA0123456789",
    )  # fmt: skip
    assert found.remittance == "Thanks"


def test_ing_s_counterparty_is_taken_apart():
    found = details_of(["/CNTP/NL02INGB0123456789/INGBNL2A/Jan Jansen///REMI/USTD//Thanks/"])

    assert (found.name, found.account) == ("Jan Jansen", "NL02INGB0123456789")


def test_prose_stays_prose():
    found = details_of(["Thanks for", "nothing"])

    assert found == Details(remittance="Thanks for nothing")


def test_a_creditor_reference_counts_only_with_its_check_digits():
    assert details_of([f"payment {RF}"]).structured_reference == RF
    assert details_of([f"payment {RF[:-1]}9"]).structured_reference is None


def test_nothing_is_nothing():
    assert details_of([]) == Details()
    assert details_of([""]) == Details()
