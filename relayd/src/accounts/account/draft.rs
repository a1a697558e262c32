//! Who a new customer is, as it was asked for: every value is read, and all that is wrong is named at
//! once.

use super::NewAccount;
use crate::{
    accounts::{AdminError, field::Fields},
    model::{AccountKind, Address, Contact},
};

/// The name and the contact, checked.
pub(in crate::accounts) fn validate(new: &NewAccount) -> Result<(String, Contact), AdminError> {
    let mut fields = Fields::default();
    let is_company = new.kind == AccountKind::Company;
    let owner = |fields: &mut Fields, field, text: &str, is_required: bool| {
        if is_required {
            fields.required(field, text, 200)
        } else {
            fields.line(field, text, 200)
        }
    };
    let company = owner(&mut fields, "company", &new.company, is_company);
    let first_name = owner(&mut fields, "first_name", &new.first_name, !is_company);
    let last_name = owner(&mut fields, "last_name", &new.last_name, !is_company);
    let name = match &new.name {
        Some(name) => {
            fields.name("name", name, "-", 40);
            name.clone()
        }
        None if is_company => short_name(&company),
        None => short_name(&format!("{first_name} {last_name}")),
    };
    if new.name.is_none() {
        fields.refuse_id("name", &name);
    }
    if new.name.is_none() && name.len() < 2 && !(company.is_empty() && last_name.is_empty()) {
        fields.refuse("name", "no short name can be made of that; give one");
    }
    let country = fields.line("country", &new.country, 2).to_uppercase();
    let is_code = country.len() == 2 && country.chars().all(|c| c.is_ascii_uppercase());
    if !country.is_empty() && !is_code {
        fields.refuse("country", "two letters of ISO 3166, such as DE");
    }
    let email: Option<Address> = fields.parse("email", &new.email);
    let vat_id = fields.line("vat_id", &new.vat_id, 40);
    let phone = fields.line("phone", &new.phone, 40);
    let street = fields.line("street", &new.street, 200);
    let postal_code = fields.line("postal_code", &new.postal_code, 20);
    let city = fields.line("city", &new.city, 100);
    let email = fields.finish(email)?;
    let contact = Contact {
        kind: new.kind,
        company,
        vat_id,
        first_name,
        last_name,
        email,
        phone,
        street,
        postal_code,
        city,
        country,
    };
    Ok((name, contact))
}

/// `Müller & Söhne GmbH` becomes `muller-sohne`: without legal form, in plain letters.
fn short_name(text: &str) -> String {
    const LEGAL_FORMS: [&str; 14] = [
        "gmbh", "ag", "kg", "ug", "ohg", "se", "inc", "ltd", "llc", "plc", "bv", "sa", "sarl", "co",
    ];
    let plain: String = text
        .to_lowercase()
        .chars()
        .map(|c| match c {
            'ä' | 'à' | 'á' | 'â' | 'å' => 'a',
            'ö' | 'ò' | 'ó' | 'ô' | 'ø' => 'o',
            'ü' | 'ù' | 'ú' | 'û' => 'u',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'ß' => 's',
            'ç' => 'c',
            'ñ' => 'n',
            c => c,
        })
        .collect();
    let words: Vec<_> = plain
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let telling: Vec<_> = words
        .iter()
        .copied()
        .filter(|word| !LEGAL_FORMS.contains(word))
        .collect();
    let mut name = if telling.is_empty() { words } else { telling }.join("-");
    name.truncate(40);
    name.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_leave_the_legal_form_away() {
        for (company, name) in [
            ("Acme GmbH", "acme"),
            ("Müller & Söhne GmbH & Co. KG", "muller-sohne"),
            ("AG", "ag"),
            ("3D Print Ltd.", "3d-print"),
            ("---", ""),
        ] {
            assert_eq!(short_name(company), name);
        }
    }
}
