package io.maestro.adapter.provisioning.scim;

import java.net.http.HttpHeaders;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the directory said.
 *
 * @param status the HTTP status
 * @param headers the headers
 * @param body the JSON object; null when there is none
 * @param empty whether there was no body at all
 */
record Answer(int status, HttpHeaders headers, @Nullable Map<String, @Nullable Object> body, boolean empty) {
    /** Whether it is a good one. */
    boolean good() {
        return status / 100 == 2;
    }

    /** The kind of error that the directory names (RFC 7644, 3.12); empty when it names none. */
    String scimType() {
        String type = text("scimType");
        return type.matches("[A-Za-z]{1,32}") ? type : "";
    }

    /** The directory's own words; empty when it has none. */
    String detail() {
        return text("detail");
    }

    private String text(String name) {
        return body != null && body.get(name) instanceof String text ? text : "";
    }

    @Override
    public String toString() {
        return "Answer[" + status + "]";
    }
}
