package io.maestro.rego.eval;

import io.maestro.rego.value.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The places of the input that a policy names, so that an evaluation looks each up once. Filled while code is made. */
final class InputPlaces {
    /** Each evaluation and each {@code with} has an array as long as this; what is beyond is looked up again and again. */
    private static final int MOST = 256;

    /**
     * A place.
     *
     * @param parent null for a member of the input itself
     */
    record Place(int id, @Nullable Place parent, Value key) {}

    private record Key(int parent, Value key) {}

    private final Map<Key, Place> places = new HashMap<>();

    /** The place at a path that is not empty; null when there are too many. */
    @Nullable
    Place at(List<Value> path) {
        Place place = null;
        for (Value key : path) {
            Key wanted = new Key(place == null ? -1 : place.id(), key);
            Place known = places.get(wanted);
            if (known == null) {
                if (places.size() == MOST) {
                    return null;
                }
                known = new Place(places.size(), place, key);
                places.put(wanted, known);
            }
            place = known;
        }
        return place;
    }

    int count() {
        return places.size();
    }
}
