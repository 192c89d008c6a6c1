# METADATA
# title: Create an instance
# description: What the profile white-label adds here.
package maestro.profiles["white-label"].adapter.install

import data.maestro.profiles["white-label"].rules.adapters
import data.maestro.profiles["white-label"].rules.approvals
import data.maestro.profiles["white-label"].rules.operators

# METADATA
# scope: document
# title: Refusals
# description: What this profile refuses here.
deny contains reason if some reason in adapters.deny

# METADATA
# scope: document
# title: Approvals
# description: What waits for a second person here.
require_approval contains reason if some reason in approvals.require_approval

require_approval contains reason if some reason in operators.require_approval
