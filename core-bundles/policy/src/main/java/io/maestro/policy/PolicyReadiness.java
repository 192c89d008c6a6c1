package io.maestro.policy;

import io.maestro.api.node.ReadinessCheck;
import io.maestro.api.policy.EntryPoint;
import io.maestro.rego.value.BoolValue;
import io.maestro.rego.value.ObjectValue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Whether the policy can be asked, without which nothing is allowed. An engine outside of this process is asked, at most
 * every two seconds however often health is; our own one is not, for packs are loaded with the first question and not before.
 */
final class PolicyReadiness implements ReadinessCheck {
    private static final Duration LASTS = Duration.ofSeconds(2);

    private final ActivePolicies policies;
    private final InstantSource clock;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile @Nullable Answer last;

    /** What came of it, and when by the time of the machine. */
    private record Answer(Optional<String> unready, long at) {}

    PolicyReadiness(ActivePolicies policies, InstantSource clock) {
        this.policies = policies;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "policy";
    }

    @Override
    public Optional<String> unready() {
        PolicyEngine elsewhere = policies.elsewhere();
        if (elsewhere == null) {
            return policies.unloadable()
                    ? Optional.of("the policy packs cannot be loaded, so nothing is allowed; the log says more")
                    : Optional.empty();
        }
        asking.lock();
        try {
            Answer known = last;
            if (known == null || System.nanoTime() - known.at() > LASTS.toNanos()) {
                known = new Answer(ask(elsewhere), System.nanoTime());
                last = known;
            }
            return known.unready();
        } finally {
            asking.unlock();
        }
    }

    /** A question that has an answer wherever the packs are. */
    private Optional<String> ask(PolicyEngine elsewhere) {
        String path = ActivePolicies.MAIN + "/" + EntryPoint.ACT.path();
        try {
            return elsewhere.ask(
                                            path,
                                            PackGate.question(EntryPoint.ACT, clock.instant()),
                                            policies.current().data(),
                                            clock.instant())
                                    instanceof ObjectValue document
                            && document.get("allow") instanceof BoolValue
                    ? Optional.empty()
                    : Optional.of("the policy engine has no document " + path + " that says allow");
        } catch (EngineException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
