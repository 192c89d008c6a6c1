# METADATA
# title: Rules about adapters
# description: What a service for tenants who do not know one another minds about adapters.
package maestro.profiles["hosted-saas"].rules.adapters

import data.maestro.facts
import data.maestro.reasons

# METADATA
# title: A pre-release in production
# description: Production runs released versions.
# custom:
#   id: hosted-saas-prerelease-in-production
#   remediation: Use a released version, or try this one in another environment.
#   severity: medium
#   mode: enforce
deny contains reason if {
	facts.production
	contains(input.adapter.version, "-")
	message := sprintf("%s is a pre-release, and %s is production", [facts.adapter, facts.place])
	reason := reasons.of(rego.metadata.rule(), message, {"adapter": facts.adapter, "where": facts.place})
}

# METADATA
# title: The publisher is on no list
# description: Where no publishers are listed, only adapters of Maestro run.
# custom:
#   id: hosted-saas-publisher-not-listed
#   remediation: Ask a platform admin to review the publisher and to add it to allowedPublishers.
#   severity: high
#   mode: enforce
deny contains reason if {
	not facts.allowed_publishers
	input.adapter.publisher != "maestro"
	message := sprintf("%s is published by %s, and %s lists no publishers, so it takes adapters of maestro only", [facts.adapter, input.adapter.publisher, facts.owner])
	reason := reasons.of(rego.metadata.rule(), message, {"adapter": facts.adapter, "publisher": input.adapter.publisher, "where": facts.owner})
}

# METADATA
# title: Restricted data outside production
# description: Adapters that are meant for restricted data run in production environments only.
# custom:
#   id: hosted-saas-restricted-outside-production
#   remediation: Create the instance in a production environment, and test with an adapter for less sensitive data.
#   severity: high
#   mode: enforce
deny contains reason if {
	input.adapter.data_sensitivity == "restricted"
	not facts.production
	message := sprintf("%s is meant for restricted data, and %s is not production", [facts.adapter, facts.place])
	reason := reasons.of(rego.metadata.rule(), message, {"adapter": facts.adapter, "data_sensitivity": "restricted", "where": facts.place})
}

# METADATA
# title: The tenant has no regions
# description: Before a tenant stores anything, it is settled where its data may be kept.
# custom:
#   id: hosted-saas-regions-missing
#   remediation: Ask a platform admin to set regions in the tenant's policy settings.
#   severity: high
#   mode: enforce
deny contains reason if {
	input.adapter.type == "storage"
	not facts.regions
	message := sprintf("%s stores data, and no regions are set for %s", [facts.adapter, facts.owner])
	reason := reasons.of(rego.metadata.rule(), message, {"adapter": facts.adapter, "where": facts.owner})
}

# METADATA
# title: The adapter would reach into the provider's network
# description: A tenant's instance speaks to public hosts only.
# custom:
#   id: hosted-saas-private-host
#   remediation: Configure a public address.
#   severity: critical
#   mode: enforce
deny contains reason if {
	some host in input.adapter.permissions.hosts
	private(host)
	message := sprintf("%s would speak to %s, which is not a public host", [input.subject.name, host])
	reason := reasons.of(rego.metadata.rule(), message, {"instance": input.subject.name, "host": host, "where": facts.place})
}

# METADATA
# scope: document
# title: Whether a host is private
# description: By how its name or address begins; where a public name leads is checked by the server for each connection.
private(host) if {
	some beginning in ["localhost", "127.", "10.", "192.168.", "169.254.", "0.", "[::1]", "[fc", "[fd", "[fe80"]
	startswith(host, beginning)
}

private(host) if regex.match(`^172\.(1[6-9]|2[0-9]|3[01])\.`, host)
