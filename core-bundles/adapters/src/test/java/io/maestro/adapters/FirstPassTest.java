package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.model.InstanceId;
import io.maestro.model.Scope;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When a node that has just started is ready. */
class FirstPassTest {
    private static final InstanceKey ONE = new InstanceKey(Scope.of("acme", "prod"), new InstanceId("one"));
    private static final InstanceKey OTHER = new InstanceKey(Scope.of("acme", "prod"), new InstanceId("other"));
    private static final long BEGIN = -5;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final FirstPass pass = new FirstPass(PATIENCE);

    @Test
    void isNotReadyBeforeTheInstancesAreKnownHoweverLongThatTakes() {
        assertThat(pass.unready(Long.MAX_VALUE)).hasValue("the instances have not been looked at yet");
    }

    @Test
    void isReadyOnceEachHasBeenTried() {
        pass.begin(Set.of(ONE, OTHER), BEGIN);
        assertThat(pass.unready(BEGIN)).hasValue("2 instances are being opened");
        pass.tried(ONE);
        pass.tried(ONE);
        assertThat(pass.unready(BEGIN)).hasValue("1 instances are being opened");
        pass.tried(OTHER);
        assertThat(pass.unready(BEGIN)).isEmpty();
    }

    @Test
    void doesNotWaitForThoseThatTakeLong() {
        pass.begin(Set.of(ONE, OTHER), BEGIN);
        pass.tried(ONE);
        assertThat(pass.unready(BEGIN + PATIENCE.toNanos() - 1)).isPresent();
        assertThat(pass.unready(BEGIN + PATIENCE.toNanos())).isEmpty();
    }

    @Test
    void staysReadyWhateverComesLater() {
        pass.begin(Set.of(), BEGIN);
        pass.begin(Set.of(ONE), BEGIN);
        assertThat(pass.unready(BEGIN)).isEmpty();
    }
}
