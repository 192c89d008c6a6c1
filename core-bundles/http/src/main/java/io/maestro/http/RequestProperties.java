package io.maestro.http;

import java.util.Collection;
import org.eclipse.jetty.server.Request;
import org.glassfish.jersey.internal.PropertiesDelegate;
import org.jspecify.annotations.Nullable;

/** The attributes of a Jetty request as JAX-RS request properties. */
record RequestProperties(Request request) implements PropertiesDelegate {
    @Override
    public @Nullable Object getProperty(String name) {
        return request.getAttribute(name);
    }

    @Override
    public Collection<String> getPropertyNames() {
        return request.getAttributeNameSet();
    }

    @Override
    public void setProperty(String name, @Nullable Object value) {
        request.setAttribute(name, value);
    }

    @Override
    public void removeProperty(String name) {
        request.removeAttribute(name);
    }
}
