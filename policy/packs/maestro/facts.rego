# METADATA
# title: Facts
# description: What the settings say of this case. A tenant's own setting comes first, then the installation's, then the profile's.
package maestro.facts

# METADATA
# title: The profile
# description: Which pack of profile rules holds for this case.
profile := data.settings.tenants[input.scope.tenant].profile
else := data.settings.platform.profile
else := data.settings.node.profile
else := "internal"

# METADATA
# title: Somebody chose the profile
# description: It stands in the settings, rather than being what the nodes were started with.
chosen_profile if data.settings.tenants[input.scope.tenant].profile

chosen_profile if data.settings.platform.profile

# METADATA
# title: The highest risk
# description: The highest adapter_risk_level that may be used; low where not even the profile says.
max_risk := data.settings.tenants[input.scope.tenant].maxRisk
else := data.settings.platform.maxRisk
else := data.maestro.profiles[profile].defaults.max_risk
else := "low"

# METADATA
# title: Dual control
# description: Whether acts of high risk wait for a second person; they do where not even the profile says. By a profile that nobody chose they do not, for on a fresh installation there is no second person yet.
dual_control := data.settings.tenants[input.scope.tenant].dualControl
else := data.settings.platform.dualControl
else := false if not chosen_profile
else := data.maestro.profiles[profile].defaults.dual_control
else := true

# METADATA
# title: The allowed adapter types
# description: The only ones that may be used; undefined when all may.
allowed_adapter_types := data.settings.tenants[input.scope.tenant].allowedAdapterTypes
else := data.settings.platform.allowedAdapterTypes

# METADATA
# title: The allowed publishers
# description: The only ones whose adapters may be used; undefined when nobody said.
allowed_publishers := data.settings.tenants[input.scope.tenant].allowedPublishers
else := data.settings.platform.allowedPublishers

# METADATA
# title: The regions
# description: Where data may be kept; undefined when anywhere.
regions := data.settings.tenants[input.scope.tenant].regions
else := data.settings.platform.regions

# METADATA
# title: The region of the instance
# description: As configured. An adapter that speaks to no host keeps its data where the node stands. Of one that knows no regions, what the route to it declares. Undefined when unknown.
region := input.configuration.region
else := data.settings.platform.region if {
	count(input.adapter.permissions.hosts) == 0
} else := input.data.declaredRegion

# METADATA
# title: The production environments
# description: Where the stricter rules hold.
production_environments := data.settings.tenants[input.scope.tenant].productionEnvironments
else := data.settings.platform.productionEnvironments
else := usual_production_environments

# METADATA
# title: The usual production environments
# description: What is taken for production where nobody said.
usual_production_environments := ["prod", "production", "live"]

# METADATA
# title: Whether this is production
# description: The act takes effect in a production environment.
production if input.scope.environment in production_environments

# METADATA
# title: Risks in order
# description: A higher number is a higher risk.
risk_order := {"low": 1, "medium": 2, "high": 3}

# METADATA
# title: The adapter
# description: As people write it.
adapter := sprintf("%s@%s", [input.adapter.name, input.adapter.version])

# METADATA
# title: The place
# description: Where the act takes effect, as people write it.
place := sprintf("%s/%s", [input.scope.tenant, input.scope.environment])
else := input.scope.tenant
else := "the installation"

# METADATA
# title: Whose settings decide
# description: The tenant, or the installation for an act that concerns no tenant.
owner := input.scope.tenant
else := "the installation"
