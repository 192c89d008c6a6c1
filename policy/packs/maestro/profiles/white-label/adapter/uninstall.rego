# METADATA
# title: Delete an instance
# description: What the profile white-label adds here.
package maestro.profiles["white-label"].adapter.uninstall

import data.maestro.profiles["white-label"].rules.operators

# METADATA
# scope: document
# title: Approvals
# description: What waits for a second person here.
require_approval contains reason if some reason in operators.require_approval
