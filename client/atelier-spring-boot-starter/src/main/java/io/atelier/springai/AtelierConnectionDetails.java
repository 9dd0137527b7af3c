package io.atelier.springai;

import java.net.URI;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/** Where Atelier is, in place of {@code atelier.url}: such as in a container that a test starts. */
public interface AtelierConnectionDetails extends ConnectionDetails {

    /** The address of the gateway. */
    URI url();
}
