package io.maestro.rest;

import io.maestro.api.events.Event;
import io.maestro.api.identity.AccessRules;
import io.maestro.api.identity.Action;
import io.maestro.api.identity.Principal;
import io.maestro.model.TenantId;
import java.util.Set;

/** What a principal may see of what happens: no more than by asking for it. Pure; any thread. */
record EventRights(Principal principal) {
    /** What whoever reads in a tenant may ask for as well; other acts are for those who may read receipts. */
    private static final Set<String> COMMON = Set.of("adapter-instance", "environment");

    /** Whether there is anything of the event that the principal may see. */
    boolean sees(Event event) {
        return switch (event.kind()) {
            case APPROVAL_PENDING, APPROVAL_DECIDED -> may(Action.APPROVAL_READ, event) && within(event);
            case INSTANCE_OBSERVED, ALERT_RAISED, ALERT_CLEARED -> may(Action.TENANT_READ, event);
            case ACT_DONE -> audits(event) || (COMMON.contains(event.subjectType()) && may(Action.TENANT_READ, event));
        };
    }

    /** The event as the principal may see it. */
    Event shown(Event event) {
        return switch (event.kind()) {
            case APPROVAL_PENDING, APPROVAL_DECIDED -> event;
            case INSTANCE_OBSERVED, ALERT_RAISED, ALERT_CLEARED, ACT_DONE ->
                audits(event) ? event : event.withoutActor();
        };
    }

    private boolean audits(Event event) {
        return may(event.tenant() == null ? Action.PLATFORM_AUDIT : Action.TENANT_AUDIT, event);
    }

    private boolean may(Action action, Event event) {
        return AccessRules.against(principal, action, event.tenant(), event.environment())
                .isEmpty();
    }

    /** For rights that do not end at a tenant by themselves. */
    private boolean within(Event event) {
        TenantId home = principal.tenant();
        return home == null
                || (home.equals(event.tenant())
                        && (principal.environment() == null
                                || principal.environment().equals(event.environment())));
    }
}
