"""Names of the doors that need no given permission, and areas of the menu. No Django."""

from haihe.base.text import Text

ANY_OFFICER = "org.officer.any"
"""Being an officer is enough: the officer's own home, messages and account."""
OWN_DATA = "people.own.read"
"""Being the citizen whose data it is is enough."""
EVERYBODY = "open"
"""No account is needed."""

DATA: Text = {"zh": "数据共享", "en": "Data sharing"}
STREETS: Text = {"zh": "城市治理", "en": "Streets"}
HOUSE: Text = {"zh": "平台管理", "en": "Administration"}
