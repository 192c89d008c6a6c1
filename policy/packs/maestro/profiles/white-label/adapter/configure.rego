# METADATA
# title: Configure an instance
# description: What the profile white-label adds here.
package maestro.profiles["white-label"].adapter.configure

import data.maestro.profiles["white-label"].rules.approvals
import data.maestro.profiles["white-label"].rules.operators

# METADATA
# scope: document
# title: Approvals
# description: What waits for a second person here.
require_approval contains reason if some reason in approvals.require_approval

require_approval contains reason if some reason in operators.require_approval
