package io.atelier.messaging.settings;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/** A listener that a service has beside its own cannot listen at its port. */
public final class ListenerFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient ConfigurationPropertyName setting;
    private final int port;

    /**
     * @param setting the key of the port, such as {@code io.atelier.faces.intel.port}
     * @param cause the failure of the web server
     */
    public ListenerFailed(String setting, int port, Throwable cause) {
        super("Cannot listen at port %d of %s".formatted(port, setting), cause);
        this.setting = ConfigurationPropertyName.of(setting);
        this.port = port;
    }

    ConfigurationPropertyName setting() {
        return setting;
    }

    int port() {
        return port;
    }
}
