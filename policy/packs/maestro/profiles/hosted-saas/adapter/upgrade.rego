# METADATA
# title: Upgrade an instance
# description: What the profile hosted-saas adds here.
package maestro.profiles["hosted-saas"].adapter.upgrade

import data.maestro.profiles["hosted-saas"].rules.adapters

# METADATA
# scope: document
# title: Refusals
# description: What this profile refuses here.
deny contains reason if some reason in adapters.deny
