"""A simulated company and the systems it runs on: HubSpot, Odoo 19 and three bank accounts.

`company` makes it, `store` keeps every version of every record, `serve` answers as the vendors
do, `clock` moves it on, `truth` says what the marts must find.
"""
