"""Word lists for people, customers, suppliers and goods; unicode on purpose."""

from __future__ import annotations

FIRST = (
    "Anna", "Jürgen", "Sofía", "Łukasz", "Chloé", "Søren", "Björn", "Mia", "Emre", "Zoë",
    "Paul", "Ingrid", "Jörg", "Nina", "Tomáš", "Aylin", "Peter", "Renée", "Lars", "Giulia",
    "Hans", "Ewa", "Noah", "Frieda", "Oskar", "Amélie", "Matthias", "Agnieszka", "Nils",
    "Käthe",
)  # fmt: skip
LAST = (
    "Müller", "Schäfer", "Nowak", "Dvořák", "García", "Lefèvre", "Ångström", "Groß", "Weiß",
    "Jensen", "Bianchi", "Yilmaz", "Krüger", "Østergaard", "Meier", "Szymański", "Fischer",
    "Böhm", "Conti", "Huber", "Keller", "Wagner", "Nguyễn", "Roth", "Brandt", "Lindqvist",
)  # fmt: skip
TOWNS = (
    "Öhringen", "Lübeck", "Görlitz", "Weißenfels", "Nürnberg", "Kiel", "Mainz", "Ulm", "Passau",
    "Jena", "Trier", "Gera", "Bremen", "Aalen", "Fürth", "Köthen", "Münster", "Celle", "Wismar",
    "Zwickau", "Hof", "Emden", "Suhl", "Bonn", "Erfurt", "Halle", "Köln", "Worms", "Speyer",
)  # fmt: skip
PUBLIC = ("Stadt {}", "Landkreis {}", "Stadtwerke {}", "Universität {}", "Klinikum {}", "Land {}")
FIRMS = (
    "{} Maschinenbau GmbH", "{} & Söhne KG", "{} Logistik AG", "{} Elektronik GmbH",
    "{} Handels SE",
    "Société {} S.A.", "{} Holding B.V.", "Zakłady {} Sp. z o.o.", "{} Inc.", "{} Systems LLC",
)  # fmt: skip
MAKERS = (
    "{} Bauteile GmbH", "{} Precision Co., Ltd.", "Fonderie {} S.p.A.", "{} Kabel AG",
    "{} Semiconductor Corp.", "{} Kunststoff KG", "{} Components s.r.o.", "深圳{}电子有限公司",
)  # fmt: skip
COMPONENTS = (
    "Sensor board", "Gateway module", "Power supply", "Display unit", "Relay card", "Antenna",
    "Radio module", "Meter head", "Controller", "Battery pack", "Backplane", "Encoder",
)  # fmt: skip
ACCESSORIES = (
    "Mounting bracket", "Cable set", "Wall box", "Adapter", "Carry case", "DIN rail clip",
    "Seal kit", "Protective film", "Screw set", "Label roll",
)  # fmt: skip
SOFTWARE = (
    "Platform licence", "Analytics module", "Maintenance plan", "API access", "Training day",
    "Premium support", "Asset register", "Mobile app seats",
)  # fmt: skip
JOBS = ("Head of IT", "Procurement", "Facility manager", "CFO", "Plant manager", "Project lead")
INDUSTRIES = ("GOVERNMENT_ADMINISTRATION", "UTILITIES", "MACHINERY", "HIGHER_EDUCATION", "RETAIL")
LOST_REASONS = ("price", "competitor", "no budget", "tender cancelled", "no decision")
