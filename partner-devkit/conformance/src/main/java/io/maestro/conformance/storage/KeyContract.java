package io.maestro.conformance.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.storage.DeleteObject;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.ObjectList;
import io.maestro.adapter.spi.storage.StorageProblem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keys are kept apart, however odd they are. */
abstract class KeyContract extends StorageContract {
    private static final List<String> ODD = List.of(
            "a",
            "A",
            "a b",
            "a+b",
            "a%20b",
            "a%2Fb",
            "a&b=c?d#e",
            "a'b\"c",
            "a<b>c",
            "a;b",
            "a,b",
            "a~b",
            "a*b",
            "é",
            "e\u0301",
            "ı",
            "İ",
            "ß",
            "漢字",
            "🙂",
            "a!b(c)",
            "a@b:c$d",
            "x/y/z",
            "x-y",
            "...",
            ".hidden");

    KeyContract(StorageKit kit) {
        super(kit);
    }

    /** The odd keys that this storage takes. */
    private List<String> odd() {
        List<String> keys = new ArrayList<>(ODD);
        if (offers(StorageFixture.Offer.BACKSLASHES)) {
            keys.add("a\\b");
        }
        return keys;
    }

    @Test
    void oddKeysAreKeptApartAndListedInOrderOfTheirBytes() throws IOException {
        for (String key : odd()) {
            put(key, "content of " + key);
        }
        for (String key : odd()) {
            assertThat(read(key)).as(key).isEqualTo("content of " + key);
        }
        List<String> ordered = odd();
        ordered.sort((left, right) -> Arrays.compareUnsigned(left.getBytes(UTF_8), right.getBytes(UTF_8)));
        assertThat(list(null, null, null).objects())
                .extracting(ObjectList.Entry::key)
                .isEqualTo(ordered);
    }

    @Test
    void oddKeysCanBeDeletedOneByOne() {
        for (String key : odd()) {
            put(key, key);
        }
        int left = odd().size();
        for (String key : odd()) {
            storage().deleteObject(call(), new DeleteObject(key));
            left--;
            assertThat(list(null, null, null).objects()).as("after " + key).hasSize(left);
        }
    }

    @Test
    void keysThatBreakTheRulesAreRefused() {
        for (String bad :
                List.of("", "..", "../up", "a/../b", "a/./b", "a\u0000b", "a\nb", "k".repeat(1025), "\ud800")) {
            refused(StorageProblem.OBJECT_KEY_INVALID, () -> put(bad, "x"));
            refused(StorageProblem.OBJECT_KEY_INVALID, () -> storage().getObject(call(), new GetObject(bad)));
            refused(StorageProblem.OBJECT_KEY_INVALID, () -> storage().deleteObject(call(), new DeleteObject(bad)));
        }
        assertThat(list(null, null, null).objects()).isEmpty();
    }

    @Test
    void backslashIsNoSlash() throws IOException {
        String key = "folder\\name";
        put("folder/name", "of the slash");
        if (offers(StorageFixture.Offer.BACKSLASHES)) {
            put(key, "of the backslash");
            assertThat(read(key)).isEqualTo("of the backslash");
        } else {
            refused(StorageProblem.OBJECT_KEY_INVALID, () -> put(key, "x"));
            refused(StorageProblem.OBJECT_KEY_INVALID, () -> storage().getObject(call(), new GetObject(key)));
            refused(StorageProblem.OBJECT_KEY_INVALID, () -> storage().deleteObject(call(), new DeleteObject(key)));
        }
        assertThat(read("folder/name")).isEqualTo("of the slash");
    }
}
