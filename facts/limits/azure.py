"""What the APIs of Azure accept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from facts.limits.limit import Limit

_NAMES: Final = "Azure Resource Manager, Naming rules and restrictions for Azure resources"
_TAGGING: Final = "Azure Resource Manager, Use tags to organize your Azure resources, Limitations"

AZURE_TAGS: Final[Mapping[str, Limit]] = {
    "tags": Limit(allowed="up to 50 tags", source=_TAGGING, most=50),
    "tags.<keys>": Limit(
        allowed="up to 512 characters without <, >, %, &, \\, ? and /, not beginning with microsoft, azure or windows",
        source=_TAGGING,
        least=1,
        most=512,
        form=re.compile(r"(?!(?i:microsoft|azure|windows))[^<>%&\\?/]+"),
    ),
    "tags.*": Limit(allowed="up to 256 characters", source=_TAGGING, most=256),
}

AZURE_LIMITS: Final[Mapping[str, Mapping[str, Limit]]] = {
    "azure-native:resources:ResourceGroup": {
        "resourceGroupName": Limit(
            allowed="up to 90 letters, digits, _, -, ., and parentheses, not ending with .",
            source=_NAMES,
            least=1,
            most=90,
            form=re.compile(r"[\w().-]*[\w()-]"),
        ),
    },
}
"""By token; a property is named as it is on the wire."""
