package io.atelier.storage;

import org.junit.jupiter.api.Tag;

/** The contract with an external S3 server; the user needs permission to create buckets. */
@Tag("containers")
class RealServerObjectPublisherIT extends S3ObjectPublisherContract {

    @Override
    S3Server server() {
        return RealServerObjectStoreIT.external();
    }
}
