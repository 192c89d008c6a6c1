# METADATA
# title: Upgrade an instance
# description: Who may have an instance run a newer version, and which.
package maestro.adapter.upgrade

import data.maestro.access
import data.maestro.facts
import data.maestro.reasons
import data.maestro.rules.approvals
import data.maestro.rules.lifecycle

# METADATA
# title: Admins upgrade instances
# description: Allowed to platform admins, and tenant admins in their own tenant.
# entrypoint: true
default allow := false

allow if access.manages

# METADATA
# title: Not entitled to upgrade instances
# description: Only for platform admins, and tenant admins in their own tenant.
# custom:
#   id: not-entitled-to-upgrade
#   remediation: Ask an admin of the tenant to do it.
#   severity: high
#   mode: enforce
deny contains reason if {
	not allow
	message := sprintf("%s may not upgrade instances in %s", [access.who, facts.place])
	reason := reasons.of(rego.metadata.rule(), message, access.shown)
}

# METADATA
# title: The version is not newer
# description: An upgrade goes to a newer version; going back is a rollback and asked for as one.
# custom:
#   id: upgrade-not-newer
#   remediation: Choose a newer version, or roll the instance back instead.
#   severity: medium
#   mode: enforce
deny contains reason if {
	not newer
	running := object.get(input, ["current", "version"], "an unknown version")
	message := sprintf("%s runs %s, and %s is not newer", [input.subject.name, running, input.adapter.version])
	reason := reasons.of(rego.metadata.rule(), message, {"instance": input.subject.name, "current": running, "wanted": input.adapter.version, "where": facts.place})
}

# METADATA
# title: The version is newer
# description: By semantic versioning. Asked this way round, so that what cannot be compared is not newer.
newer if semver.compare(input.adapter.version, input.current.version) > 0

# METADATA
# title: The new version has a higher risk
# description: People should notice when an adapter asks for more trust than before.
# custom:
#   id: upgrade-raises-risk
#   remediation: Read what changed in the adapter's permissions before you go on.
#   severity: medium
#   mode: warn
deny contains reason if {
	was := input.current.adapter_risk_level
	facts.risk_order[input.adapter.adapter_risk_level] > facts.risk_order[was]
	message := sprintf("%s has risk %s, and %s that %s runs has risk %s", [facts.adapter, input.adapter.adapter_risk_level, input.current.version, input.subject.name, was])
	reason := reasons.of(rego.metadata.rule(), message, {"instance": input.subject.name, "adapter": facts.adapter, "adapter_risk_level": input.adapter.adapter_risk_level, "before": was, "where": facts.place})
}

# METADATA
# scope: document
# title: All refusals
# description: Those of this file, those that other entry points share, and those of the profile.
deny contains reason if some reason in lifecycle.deny

# METADATA
# title: The refusals of the profile
# description: What the profile refuses beyond that.
deny contains reason if some reason in data.maestro.profiles[facts.profile].adapter.upgrade.deny

# METADATA
# title: The shared rules about approvals
# description: What waits for a second person whenever an instance is put to work.
require_approval contains reason if some reason in approvals.require_approval

# METADATA
# title: The approvals of the profile
# description: What waits for a second person in this profile beyond that.
require_approval contains reason if some reason in data.maestro.profiles[facts.profile].adapter.upgrade.require_approval
