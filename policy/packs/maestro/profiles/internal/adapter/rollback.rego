# METADATA
# title: Roll an instance back
# description: What the profile internal adds here.
package maestro.profiles.internal.adapter.rollback

import data.maestro.profiles.internal.rules.adapters
import data.maestro.profiles.internal.rules.approvals

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
