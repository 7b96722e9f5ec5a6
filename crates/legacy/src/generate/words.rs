//! Made-up words of the generated trees.

pub(super) const FIRST: &[&str] = &[
    "Abel", "Agnes", "Alma", "Anton", "Astrid", "Basil", "Bettina", "Boris", "Camille", "Cedric", "Celeste", "Clement", "Colette", "Cyrus",
    "Dalia", "Damian", "Delphine", "Dorian", "Edith", "Elias", "Elodie", "Emil", "Esther", "Fabian", "Farah", "Felix", "Fiona", "Gaston",
    "Gemma", "Greta", "Hamza", "Harriet", "Helga", "Ignace", "Imogen", "Ines", "Ivo", "Jarvis", "Jolene", "Kamal", "Katrin", "Lazlo",
    "Leonie", "Lionel", "Lorna", "Magnus", "Marcel", "Marta", "Milo", "Mirela", "Nadim", "Nella", "Odette", "Olaf", "Oriana", "Pascal",
    "Petra", "Quentin", "Ramona", "Rufus", "Sabine", "Selma", "Silas", "Tamsin", "Tobias", "Ulrike", "Valentin", "Vera", "Wanda", "Wilbur",
    "Xenia", "Yara", "Yusuf", "Zelda", "Zoltan", "José", "Łucja", "Øyvind",
];
pub(super) const LAST: &[&str] = &[
    "Aldercott",
    "Ashbourne",
    "Barrowby",
    "Bellweather",
    "Birkdale",
    "Blackthorn",
    "Brannigan",
    "Calderwood",
    "Carrowmore",
    "Castellan",
    "Cormorant",
    "Dallimore",
    "Deveraux",
    "Dunwoody",
    "Eastlake",
    "Ellingham",
    "Fairweather",
    "Fennimore",
    "Gainsford",
    "Goldhawk",
    "Greystoke",
    "Hadleigh",
    "Hartwell",
    "Hollister",
    "Inglewood",
    "Jessamine",
    "Kilbride",
    "Kingsnorth",
    "Lambourne",
    "Larkspur",
    "Lockridge",
    "Maplethorpe",
    "Marchbanks",
    "Merriweather",
    "Nightingale",
    "Norwood",
    "Oakhurst",
    "Okonjo",
    "Pemberley",
    "Pinkerton",
    "Quillfeather",
    "Ravenscroft",
    "Redfern",
    "Rosewarne",
    "Saltmarsh",
    "Silverthorne",
    "Stonebridge",
    "Swinburne",
    "Tanglewood",
    "Thistlewood",
    "Underhill",
    "Vandersloot",
    "Wakefield",
    "Westerling",
    "Whitcombe",
    "Winterbourne",
    "Yarborough",
    "Zeller",
    "Núñez",
    "O'Dell",
];
pub(super) const NATIVE: &[&str] = &["林秀英", "محمد الحداد", "דוד לוי", "Анна Петрова"];
pub(super) const STREETS: &[&str] = &["Lark Lane", "Foundry Row", "Quince Street", "Harbor View", "Old Ferry Road", "Bramble Close"];
pub(super) const CITIES: &[(&str, &str, &str, &str)] = &[
    ("Seattle", "WA", "98101", "206"),
    ("Dayton", "OH", "45402", "937"),
    ("Tucson", "AZ", "85701", "520"),
    ("Asheville", "NC", "28801", "828"),
    ("Santa Fe", "NM", "87501", "505"),
    ("Madison", "WI", "53703", "608"),
];
pub(super) const RISKS: &[&str] = &["Conservative", "Moderately conservative", "Moderate", "Moderately aggressive", "Aggressive"];
pub(super) const GOALS: &[&str] = &[
    "Spend winters by the sea",
    "Endow the town library",
    "Hand the shop to the staff",
    "Retire before sixty",
    "Restore the old orchard",
    "Pay for the grandchildren's schools",
    "Sail around the islands 🌊",
];
pub(super) const TAGS: &[&str] = &["referral", "paperless", "VIP ⭐", "owner", "529", "RMD", "estate ✍️"];
pub(super) const STAGES: &[&str] = &["New", "Proposal", "Verbal yes"];
pub(super) const SOURCES: &[&str] = &["seminar", "referral", "website"];
pub(super) const EMPLOYERS: &[&str] = &["Copperline Mills", "Gannet Marine", "Fernhill School", "Tallow & Finch LLP", "Quarry Lane Dental"];
pub(super) const JOBS: &[&str] = &["architect", "nurse", "controller", "teacher", "welder", "attorney"];
pub(super) const KINDS: &[&str] = &["Traditional IRA", "Roth IRA", "401(k)", "Joint brokerage", "Checking"];
pub(super) const CUSTODIANS: &[&str] = &["Custodian One", "Custodian Two", "held away", "bank"];
pub(super) const NOTES: &[&str] = &[
    "Asked for a copy of the brochure.",
    "Left word.\r\nTry again on Thursday.",
    "Very happy 🎉",
    "مكالمة قصيرة، كل شيء على ما يرام",
    "שיחה קצרה, הכל בסדר",
    "Line one\nLine two\t\"quoted\" \\ back",
    "Prefers tea. 👩‍👩‍👧",
];
pub(super) const TASKS: &[&str] = &["Send quarter report", "Prepare review packet", "Call about the RMD", "Order checks"];
pub(super) const LOOPS: &[(&str, &str)] = &[
    ("We owe an answer on the annuity question", "we_owe"),
    ("Client to send the signed copy of the trust", "client_owes"),
    ("CPA to send last year's return", "third_party"),
];
/// Id, name, role, aliases, e-mails.
type Advisor = (&'static str, &'static str, &'static str, &'static [&'static str], &'static [&'static str]);
pub(super) const ADVISORS: &[Advisor] = &[
    ("will", "Will Arrowsmith", "advisor", &["Willy", "wa"], &["will@quietharbor.example", "will.a@gmail.example"]),
    ("matt", "Matt Kestrel", "advisor", &["mk"], &["matt@quietharbor.example"]),
    ("evan", "Evan Lowe", "advisor", &[], &["evan@quietharbor.example"]),
    ("priya", "Priya Stone", "firm_admin", &["ops"], &["priya@quietharbor.example"]),
];
pub(super) const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
