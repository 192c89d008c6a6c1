# METADATA
# title: Configure an instance
# description: What the profile internal adds here.
package maestro.profiles.internal.adapter.configure

import data.maestro.profiles.internal.rules.approvals

# METADATA
# scope: document
# title: Approvals
# description: What waits for a second person here.
require_approval contains reason if some reason in approvals.require_approval
