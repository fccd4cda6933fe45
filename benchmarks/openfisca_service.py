"""The nine rules behind OpenFisca's web API, as gunicorn takes them. See `service`."""

from __future__ import annotations

from openfisca9 import openfisca_system
from openfisca_core.parameters import ParameterNode
from openfisca_web_api.app import create_app

_system = openfisca_system()
# it shows one of the parameters as an example, of which these rules have none
_system.parameters = ParameterNode("", data={"none": {"values": {"2019-01-01": {"value": 0}}}})
application = create_app(_system)
