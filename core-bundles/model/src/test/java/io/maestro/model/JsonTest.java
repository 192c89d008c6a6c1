package io.maestro.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class JsonTest {
    @Test
    void writesAnObjectInTheOrderOfTheMap() {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("name", new TenantId("acme"));
        members.put("count", 3L);
        members.put("on", true);
        members.put("gone", null);
        members.put("document", new Json("{\"a\":[1]}"));
        members.put("list", Arrays.asList("x", null, Map.of("y", 1)));
        assertThat(Json.object(members))
                .hasToString("{\"name\":\"acme\",\"count\":3,\"on\":true,\"gone\":null,\"document\":{\"a\":[1]},"
                        + "\"list\":[\"x\",null,{\"y\":1}]}");
        assertThat(Json.object(Map.of())).isEqualTo(Json.EMPTY_OBJECT);
        assertThat(Json.object(Map.of("list", List.of()))).hasToString("{\"list\":[]}");
    }

    @Test
    void escapesWhatWouldEndAText() {
        assertThat(Json.object(Map.of("\"k\\", "line\nend\u0000\u001f\"é")))
                .hasToString("{\"\\\"k\\\\\":\"line\\u000aend\\u0000\\u001f\\\"é\"}");
    }
}
