package io.maestro.adapters;

import io.maestro.api.policy.Decision;
import io.maestro.api.policy.EntryPoint;
import io.maestro.api.policy.Governance;
import io.maestro.api.policy.Outcome;
import io.maestro.api.policy.PolicyInput;
import io.maestro.api.policy.PolicyProblem;
import io.maestro.model.Problem;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Allows what it is not told to forbid, and remembers what it was asked. */
final class AskedPolicy implements Governance {
    static final UUID ID = UUID.fromString("01980000-0000-7000-8000-000000000001");

    /** Set when so much is asked that remembering it would be what is measured. */
    final AtomicBoolean forgets = new AtomicBoolean();

    final List<PolicyInput> asked = new CopyOnWriteArrayList<>();
    final List<PolicyInput> used = new CopyOnWriteArrayList<>();
    final AtomicReference<@Nullable UUID> approval = new AtomicReference<>();
    /** What it says to everything, if anything in particular. */
    final AtomicReference<@Nullable Decision> answer = new AtomicReference<>();

    final Set<EntryPoint> forbidden = ConcurrentHashMap.newKeySet();

    /** What somebody else does, once, while it decides. */
    final AtomicReference<@Nullable Runnable> meanwhile = new AtomicReference<>();

    @Override
    public Decision decide(PolicyInput input) {
        if (!forgets.get()) {
            asked.add(input);
        }
        Decision particular = answer.get();
        if (particular != null) {
            return particular;
        }
        return new Decision(
                ID, forbidden.contains(input.entryPoint()) ? Outcome.DENY : Outcome.ALLOW, List.of(), approval.get());
    }

    @Override
    public Decision require(PolicyInput input) {
        Decision decision = decide(input);
        Runnable other = meanwhile.getAndSet(null);
        if (other != null) {
            other.run();
        }
        if (!decision.allowed()) {
            throw Problem.of(
                            decision.outcome() == Outcome.APPROVAL
                                    ? PolicyProblem.APPROVAL_REQUIRED
                                    : PolicyProblem.POLICY_DENIED,
                            "not " + input.action(),
                            null)
                    .asException();
        }
        return decision;
    }

    @Override
    public void use(PolicyInput input, Decision decision) {
        used.add(input);
    }

    /** What it was asked about, in turn. */
    List<EntryPoint> entryPoints() {
        return asked.stream().map(PolicyInput::entryPoint).toList();
    }
}
