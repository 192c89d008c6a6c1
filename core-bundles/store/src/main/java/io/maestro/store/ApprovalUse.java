package io.maestro.store;

import io.maestro.model.Actor;
import java.util.List;
import org.jooq.DSLContext;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Uses up the approval by which somebody acts, within the very transaction of the act: an act that fails uses none, and of
 * two acts by one approval only one commits. The engine that keeps approvals registers it.
 */
@ConsumerType
public interface ApprovalUse {
    /**
     * Called once an act has changed something and before it commits, when its actor names an approval and the decision
     * that it led to. Blocks on the database; on the thread of the act.
     *
     * @param sql of the act, which may see approvals of the installation here even in an act of a tenant
     * @return what was changed here, for the chain of the act; nothing when an earlier part of the same act used it
     * @throws io.maestro.model.ProblemException when the approval does not hold (any more); then the act is rolled back
     */
    List<Fact> use(DSLContext sql, Actor actor);
}
