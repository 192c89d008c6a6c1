# METADATA
# title: Call an instance
# description: What the profile white-label adds here.
package maestro.profiles["white-label"].adapter.call

import data.maestro.profiles["white-label"].rules.operators

# METADATA
# scope: document
# title: Refusals
# description: What this profile refuses here.
deny contains reason if some reason in operators.deny
