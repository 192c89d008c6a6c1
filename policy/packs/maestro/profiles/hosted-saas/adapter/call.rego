# METADATA
# title: Call an instance
# description: What the profile hosted-saas adds here.
package maestro.profiles["hosted-saas"].adapter.call

import data.maestro.profiles["hosted-saas"].rules.calls

# METADATA
# scope: document
# title: Refusals
# description: What this profile refuses here.
deny contains reason if some reason in calls.deny
