package io.maestro.adapter.identity.oidc;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.util.Map;

/** JSON in few words. */
final class Json {
    private Json() {}

    static String text(Map<String, ?> object) {
        return JSONObjectUtils.toJSONString(object);
    }
}
