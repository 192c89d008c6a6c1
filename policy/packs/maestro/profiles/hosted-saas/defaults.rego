# METADATA
# title: Defaults of the profile hosted-saas
# description: What holds where neither the tenant nor the installation is set to something else.
package maestro.profiles["hosted-saas"].defaults

# METADATA
# title: The highest risk
# description: The highest adapter_risk_level that may be used.
max_risk := "medium"

# METADATA
# title: Dual control
# description: Whether acts of high risk wait for a second person.
dual_control := true
