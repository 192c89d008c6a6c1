package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.model.AdapterName;
import io.maestro.model.InstanceId;
import io.maestro.model.Scope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** So many moves at once, and no adapter has all the places. */
class MovingOrderTest {
    private final MovingOrder order = new MovingOrder(4, 3);

    @Test
    void takesTheAdaptersInTurn() {
        add("one", "a", "b");
        add("two", "c", "d");
        assertThat(next()).containsExactly("a", "c", "b", "d");
    }

    @Test
    void keepsPlacesForTheOthersHoweverManyOfOneAdapterWait() {
        add("one", "a", "b", "c", "d", "e");
        assertThat(next()).containsExactly("a", "b", "c");

        add("two", "f", "g");

        assertThat(next()).containsExactly("f");
        order.ended(key("b"));
        assertThat(next()).as("one has had its turn").containsExactly("g");
        order.ended(key("a"));
        assertThat(next()).containsExactly("d");
    }

    @Test
    void forgetsWhatDoesNotWaitAnyMore() {
        add("one", "a", "b");

        order.remove(key("a"));
        order.remove(key("never"));

        assertThat(next()).containsExactly("b");
    }

    @Test
    void keepsThePlaceOfOneThatIsAddedAgainAndBeginsItOnce() {
        add("one", "a", "b");
        add("one", "a");
        assertThat(next()).containsExactly("a", "b");
    }

    @Test
    void refusesOneThatIsMovingAndTakesItAgainOnceItsPlaceIsFree() {
        add("one", "a");
        assertThat(next()).containsExactly("a");
        assertThatThrownBy(() -> add("one", "a")).isInstanceOf(IllegalStateException.class);

        order.ended(key("a"));
        order.ended(key("a"));
        add("one", "a");

        assertThat(next()).containsExactly("a");
    }

    private void add(String adapter, String... instances) {
        for (String instance : instances) {
            order.add(key(instance), new AdapterName(adapter));
        }
    }

    private List<String> next() {
        List<String> begun = new ArrayList<>();
        for (InstanceKey one = order.next(); one != null; one = order.next()) {
            begun.add(one.instance().value());
        }
        return begun;
    }

    private static InstanceKey key(String instance) {
        return new InstanceKey(Scope.of("acme", "prod"), new InstanceId(instance));
    }
}
