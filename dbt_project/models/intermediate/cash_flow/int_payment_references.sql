-- One row per bank entry and document that a number in its text leads to.

with payments as (

    select * from {{ ref('int_payments') }}
    where not is_return

),

documents as (

    select * from {{ ref('int_payment_documents') }}

),

places as (

    select
        entry_id,
        words,
        {{ number_rows(1, "length(words) - length(replace(words, ' ', '')) + 1") }} as place
    from payments
    where words <> ''

),

split as (

    select
        entry_id,
        split_part(words, ' ', cast(place as integer)) as word,
        -- A bank that breaks lines breaks numbers: two words together may be one.
        split_part(words, ' ', cast(place as integer))
        || split_part(words, ' ', cast(place as integer) + 1) as two_words
    from places

),

quoted as (

    select
        entry_id,
        {{ letters_and_digits('word') }} as quoted_key,
        false as is_short
    from split
    union
    select
        entry_id,
        {{ letters_and_digits('two_words') }} as quoted_key,
        false as is_short
    from split
    union
    select
        entry_id,
        structured_key as quoted_key,
        false as is_short
    from payments
    union
    select
        entry_id,
        {{ replace_all('word', '^0+') }} as quoted_key,
        true as is_short
    from split
    where {{ replace_all('word', '[0-9]') }} = ''

),

numbers as (

    select
        move_id,
        reference_key as document_key,
        case when has_check_digits then 'structured' else 'number' end as reference
    from documents
    union
    select
        move_id,
        {{ letters_and_digits('document_name') }} as document_key,
        'number' as reference
    from documents
    union
    select
        move_id,
        {{ letters_and_digits('printed_number') }} as document_key,
        'number' as reference
    from documents
    union
    -- Half a number: what stands behind its last stroke, or all of its digits.
    select
        move_id,
        {{ replace_all('printed_number', '^(.*[^0-9])?0*') }} as document_key,
        'short_number' as reference
    from documents
    union
    select
        move_id,
        {{ replace_all('printed_number', '^[^1-9]+|[^0-9]') }} as document_key,
        'short_number' as reference
    from documents

),

hits as (

    select
        quoted.entry_id,
        quoted.quoted_key,
        documents.move_id,
        numbers.reference,
        payments.direction * documents.direction as side,
        coalesce(payments.name_key = documents.name_key, false) as is_partner
    from quoted
    inner join numbers
        on
            quoted.quoted_key = numbers.document_key
            and quoted.is_short = (numbers.reference = 'short_number')
    inner join documents on numbers.move_id = documents.move_id
    inner join payments
        on
            quoted.entry_id = payments.entry_id
            -- The ERP may not say whose an account is: then any company's document will do, if it is the only one.
            and coalesce(payments.company_id, documents.company_id) = documents.company_id

),

-- A whole number means one document: that of the partner who pays, and none when it may be another one as well.
told_apart as (

    select
        *,
        count(*) over (partition by entry_id, quoted_key, reference, side, is_partner) as alike
    from hits
    qualify
        reference = 'short_number'
        or is_partner = bool_or(is_partner) over (partition by entry_id, quoted_key, reference, side)

)

select
    entry_id,
    move_id,
    side,
    -- The strongest; by the alphabet number comes before short_number.
    case when bool_or(reference = 'structured') then 'structured' else min(reference) end as reference,
    bool_or(is_partner) as is_partner
from told_apart
where
    reference = 'short_number'
    or alike = 1
group by entry_id, move_id, side
