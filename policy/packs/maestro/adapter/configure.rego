# METADATA
# title: Configure an instance
# description: Who may change the configuration of an instance, and to what.
package maestro.adapter.configure

import data.maestro.access
import data.maestro.facts
import data.maestro.reasons
import data.maestro.rules.approvals
import data.maestro.rules.lifecycle

# METADATA
# title: Admins configure instances
# description: Allowed to platform admins, and tenant admins in their own tenant.
# entrypoint: true
default allow := false

allow if access.manages

# METADATA
# title: Not entitled to configure instances
# description: Only for platform admins, and tenant admins in their own tenant.
# custom:
#   id: not-entitled-to-configure
#   remediation: Ask an admin of the tenant to do it.
#   severity: high
#   mode: enforce
deny contains reason if {
	not allow
	message := sprintf("%s may not configure instances in %s", [access.who, facts.place])
	reason := reasons.of(rego.metadata.rule(), message, access.shown)
}

# METADATA
# scope: document
# title: All refusals
# description: Those of this file, those that other entry points share, and those of the profile.
deny contains reason if some reason in lifecycle.deny

# METADATA
# title: The refusals of the profile
# description: What the profile refuses beyond that.
deny contains reason if some reason in data.maestro.profiles[facts.profile].adapter.configure.deny

# METADATA
# title: The shared rules about approvals
# description: What waits for a second person whenever an instance is put to work.
require_approval contains reason if some reason in approvals.require_approval

# METADATA
# title: The approvals of the profile
# description: What waits for a second person in this profile beyond that.
require_approval contains reason if some reason in data.maestro.profiles[facts.profile].adapter.configure.require_approval
