package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who is called opens first, and nobody is in the way of the others. */
class OpeningOrderTest {
    private static final DefinitionId ONE = DefinitionId.parse("one@1.0.0");
    private static final DefinitionId TWO = DefinitionId.parse("two@1.0.0");
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final OpeningOrder order = new OpeningOrder();
    private long now = Long.MAX_VALUE - 10;

    @Test
    void opensThoseThatAreCalledFirstAlthoughAllPlacesAreTaken() {
        add(ONE, "a", "b", "c", "d");
        assertThat(next(2)).containsExactly("a", "b");

        order.call(key("d"));

        assertThat(next(2)).containsExactly("d");
        order.ended(key("a"));
        assertThat(next(2)).as("d and b are opening").isEmpty();
        order.ended(key("d"));
        assertThat(next(2)).containsExactly("c");
    }

    @Test
    void takesTheDefinitionsInTurn() {
        add(ONE, "a", "b");
        add(TWO, "c", "d");
        assertThat(next(9)).containsExactly("a", "c", "b", "d");
    }

    @Test
    void givesOneDefinitionNoMoreThanItsShareEvenWhenAllOfItAreCalled() {
        for (int i = 0; i < 20; i++) {
            add(ONE, "one-" + i);
            order.call(key("one-" + i));
        }
        add(TWO, "two");

        List<String> begun = next(99);

        assertThat(begun).hasSize(17).contains("two").doesNotContain("one-16");
        assertThat(next(99)).isEmpty();
        order.ended(key("one-3"));
        assertThat(next(99)).containsExactly("one-16");
    }

    @Test
    void doesNotWaitForOneThatTakesLong() {
        add(ONE, "long", "next");
        assertThat(next(1)).containsExactly("long");
        assertThat(order.untilPlace(now)).isEqualTo(SECOND);

        now += SECOND;

        assertThat(order.untilPlace(now)).isZero();
        assertThat(next(1)).containsExactly("next");
        assertThat(order.untilPlace(now)).as("nobody waits").isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void keepsThePlaceOfOneThatIsAddedAgain() {
        add(ONE, "a", "b");
        order.call(key("b"));
        add(ONE, "b");
        assertThat(next(1)).containsExactly("b");
    }

    @Test
    void keepsInMindThatOneWasCalledWhenItChangesItsDefinition() {
        add(ONE, "a");
        add(TWO, "b");
        order.call(key("b"));
        add(ONE, "b");
        assertThat(next(1)).containsExactly("b");
        assertThat(order.isWaiting(key("b"))).isFalse();
        assertThat(order.isWaiting(key("a"))).isTrue();
    }

    @Test
    void forgetsThoseThatAreRemoved() {
        add(ONE, "a", "b");
        order.call(key("a"));
        order.remove(key("a"));
        order.remove(key("a"));
        order.call(key("a"));
        order.ended(key("a"));
        assertThat(next(9)).containsExactly("b");
    }

    private void add(DefinitionId definition, String... instances) {
        for (String instance : instances) {
            order.add(key(instance), definition);
        }
    }

    private List<String> next(int most) {
        List<String> begun = new ArrayList<>();
        for (InstanceKey next = order.next(most, now); next != null; next = order.next(most, now)) {
            begun.add(next.instance().value());
        }
        return begun;
    }

    private static InstanceKey key(String instance) {
        return new InstanceKey(Scope.of("acme", "prod"), new InstanceId(instance));
    }
}
