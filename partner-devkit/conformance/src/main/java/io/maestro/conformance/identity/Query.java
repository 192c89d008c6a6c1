package io.maestro.conformance.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Parameters of an address or a form. */
final class Query {
    private Query() {}

    /** The parameters of an address; of one that stands there twice, both values with a line between. */
    static Map<String, String> of(URI address) {
        String query = address.getRawQuery();
        return parsed(query == null ? "" : query);
    }

    static Map<String, String> parsed(String text) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String parameter : text.split("&", -1)) {
            int equals = parameter.indexOf('=');
            if (equals > 0) {
                parameters.merge(
                        parameter.substring(0, equals),
                        URLDecoder.decode(parameter.substring(equals + 1), UTF_8),
                        (one, other) -> one + "\n" + other);
            }
        }
        return parameters;
    }

    static String text(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + URLEncoder.encode(parameter.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }
}
