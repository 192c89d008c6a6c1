# METADATA
# title: Reasons
# description: How a rule says why. A member of deny or of require_approval is made here, and nowhere else.
package maestro.reasons

# METADATA
# title: A reason
# description: What a rule's annotation says of it, with the sentence and the facts of this case.
of(annotation, message, facts) := {"rule": annotation.custom.id, "title": annotation.title, "message": message, "facts": facts, "remediation": annotation.custom.remediation, "severity": annotation.custom.severity, "mode": annotation.custom.mode}
