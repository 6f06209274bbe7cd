"""SCIM 2.0: how identity providers add, change and above all switch off people and teams."""
