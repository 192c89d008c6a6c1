# METADATA
# title: Submit an adapter
# description: Who may bring an adapter into the installation. Its signatures and its manifest were checked before.
package maestro.adapter.submit

import data.maestro.access
import data.maestro.facts
import data.maestro.reasons
import data.maestro.rules.profile
import data.maestro.rules.publishers
import data.maestro.rules.question

# METADATA
# title: Publishers submit adapters
# description: Allowed to platform admins, publishers and the drop folder.
# entrypoint: true
default allow := false

allow if {
	"platform_admin" in input.principal.roles
	not input.principal.tenant
}

allow if {
	"publisher" in input.principal.roles
	not input.principal.tenant
}

allow if access.acts_by_itself

# METADATA
# title: Not entitled to submit adapters
# description: Only for platform admins, publishers and the drop folder.
# custom:
#   id: not-entitled-to-submit
#   remediation: Use a token with the role publisher, or ask an operator to put the file into the drop folder.
#   severity: high
#   mode: enforce
deny contains reason if {
	not allow
	message := sprintf("%s may not submit adapters in %s", [access.who, facts.place])
	reason := reasons.of(rego.metadata.rule(), message, access.shown)
}

# METADATA
# scope: document
# title: All refusals
# description: Those of this file, those that other entry points share, and those of the profile.
deny contains reason if some reason in question.deny

deny contains reason if some reason in profile.deny

deny contains reason if some reason in publishers.deny

# METADATA
# title: The refusals of the profile
# description: What the profile refuses beyond that.
deny contains reason if some reason in data.maestro.profiles[facts.profile].adapter.submit.deny

# METADATA
# title: The approvals of the profile
# description: What waits for a second person in this profile beyond that.
require_approval contains reason if some reason in data.maestro.profiles[facts.profile].adapter.submit.require_approval
