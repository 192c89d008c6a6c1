# METADATA
# title: Access
# description: Who does what by role. The server asked the same of the endpoint before; this holds whatever was forgotten there.
package maestro.access

import data.maestro.facts

# METADATA
# title: Admins manage
# description: Platform admins everything, tenant admins what lies in their tenant and in the environment that they are confined to.
default manages := false

manages if {
	"platform_admin" in input.principal.roles
	not input.principal.tenant
}

manages if {
	"tenant_admin" in input.principal.roles
	within
}

# METADATA
# title: Who calls
# description: Admins, developers of the tenant, programs of the tenant or the installation, and the server where it checks logins and moves data.
default calls := false

calls if {
	some role in input.principal.roles
	role in {"tenant_admin", "tenant_developer", "service"}
	within
}

calls if {
	some role in input.principal.roles
	role in {"platform_admin", "service"}
	not input.principal.tenant
}

calls if acts_by_itself

# METADATA
# title: What each part of the server does by itself
# description: The entry point, or for the entry point act the action. A part of the server does nothing else by itself.
own_acts := {"system:adapters": {"secret/read"}, "system:bootstrap": {"token.create"}, "system:drop-folder": {"adapter/submit"}, "system:identity": {"adapter/call"}, "system:provenance": {"chain.checkpoint", "signing-key.introduce", "signing-key.retire"}, "system:residency": {"adapter/call", "data/residency"}, "system:secrets": {"master-key.record", "master-key.rotate"}, "system:upgrade": {"instance.hand-over-secrets"}}

# METADATA
# title: The server acts by itself
# description: A part of the server does one of its own acts.
acts_by_itself if {
	input.principal.kind == "system"
	input.entryPoint in own_acts[input.principal.id]
}

acts_by_itself if {
	input.principal.kind == "system"
	input.entryPoint == "act"
	input.action in own_acts[input.principal.id]
}

# METADATA
# title: Within its confines
# description: The principal is one of the tenant in which the act takes effect, and not confined to another environment.
within if {
	input.principal.tenant == input.scope.tenant
	not input.principal.environment
}

within if {
	input.principal.tenant == input.scope.tenant
	input.principal.environment == input.scope.environment
}

# METADATA
# title: Who it is
# description: The principal with its roles, as people write it.
who := sprintf("%s (no role)", [input.principal.id]) if count(input.principal.roles) == 0
else := sprintf("%s (%s of %s)", [input.principal.id, concat(", ", input.principal.roles), confines]) if {
	input.principal.tenant
} else := sprintf("%s (%s)", [input.principal.id, concat(", ", input.principal.roles)])

# METADATA
# title: Its confines
# description: What the principal is confined to, as people write it.
confines := sprintf("%s/%s", [input.principal.tenant, input.principal.environment])
else := input.principal.tenant
else := "the installation"

# METADATA
# title: The facts of a refusal
# description: What decided when somebody is not entitled.
shown := {"principal": input.principal.id, "roles": input.principal.roles, "confinedTo": confines, "where": facts.place}
