package io.atelier.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.atelier.gateway.GatewayApplication;
import io.atelier.generator.GeneratorApplication;
import io.atelier.messaging.settings.SettingRefused;
import io.atelier.splitter.SplitterApplication;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** A wrong setting stops each application at once, although Kafka is not there, and is named as its operator wrote it. */
class RefusedSettingTests {

    @Timeout(60)
    @ParameterizedTest(name = "{0}: {1}={2}")
    @CsvSource(delimiter = '|', textBlock = """
        gateway   | ATELIER_RETAIN                | 30       | ATELIER_RETAIN is '30'; it must be a duration with its unit
        gateway   | ATELIER_KAFKA                 | kafka    | ATELIER_KAFKA is 'kafka'; it must be host:port
        gateway   | ATELIER_POOLS                 | a,B      | ATELIER_POOLS is 'a,B'; it must be lower-case letters
        gateway   | ATELIER_LIFECYCLE_PARTITIONS  | 0        | ATELIER_LIFECYCLE_PARTITIONS is '0'; it must be greater than or equal to 1
        gateway   | ATELIER_LIFECYCLE_PARTITIONS  | 33       | ATELIER_LIFECYCLE_PARTITIONS is '33'; it must be less than or equal to 32
        gateway   | ATELIER_LIFECYCLE_PARTITIONS  | all      | ATELIER_LIFECYCLE_PARTITIONS is 'all'; it must be a whole number
        gateway   | ATELIER_HTTP_PORT             | 70000    | ATELIER_HTTP_PORT is '70000'; it must be a whole number from 0 to 65535
        gateway   | ATELIER_HTTP_PORT             | ten      | ATELIER_HTTP_PORT is 'ten'; it must be a whole number from 0 to 65535
        gateway   | ATELIER_HAYHOOKS_PORT         | 65536    | ATELIER_HAYHOOKS_PORT is '65536'; it must be a port from 1 to 65535
        gateway   | ATELIER_HAYHOOKS_PORT         | on       | ATELIER_HAYHOOKS_PORT is 'on'; it must be a port from 1 to 65535
        gateway   | ATELIER_INTEL_PORT            | 65536    | ATELIER_INTEL_PORT is '65536'; it must be a port from 1 to 65535
        gateway   | ATELIER_INTEL_PORT            | on       | ATELIER_INTEL_PORT is 'on'; it must be a port from 1 to 65535
        gateway   | ATELIER_INTEL_STRICT          | maybe    | ATELIER_INTEL_STRICT is 'maybe'; it must be true or false
        gateway   | ATELIER_BIND                  | a b      | ATELIER_BIND is 'a b'; it must be an address
        gateway   | ATELIER_S3                    | ftp://s3 | ATELIER_S3 is 'ftp://s3'; it must be http://host:port
        gateway   | S3_ENDPOINT                   | ftp://s3 | S3_ENDPOINT is 'ftp://s3'; it must be http://host:port
        gateway   | S3_BUCKET_NAME                | B        | S3_BUCKET_NAME is 'B'; it must be 3 to 63 characters
        gateway   | ATELIER_AVATARS_BUCKET        | B        | ATELIER_AVATARS_BUCKET is 'B'; it must be 3 to 63 characters
        splitter  | S3_ENDPOINT                   | ftp://s3 | S3_ENDPOINT is 'ftp://s3'; it must be http://host:port
        splitter  | S3_BUCKET_NAME                | B        | S3_BUCKET_NAME is 'B'; it must be 3 to 63 characters
        gateway   | ATELIER_S3_BUCKET             | B        | ATELIER_S3_BUCKET is 'B'; it must be 3 to 63 characters
        gateway   | ATELIER_S3_ACCESS_KEY         |          | None of ATELIER_S3_ACCESS_KEY, S3_ACCESS_KEY is set; it must not be blank; an S3 server needs S3_ENDPOINT, S3_ACCESS_KEY, S3_SECRET_KEY and, for avatars, S3_BUCKET_NAME
        gateway   | ATELIER_TEST_CARD             | maybe    | ATELIER_TEST_CARD is 'maybe'; it must be true or false
        gateway   | IO_ATELIER_SUBMISSION_MAXBODY | 10       | IO_ATELIER_SUBMISSION_MAXBODY is '10'; it must be a size with its unit
        gateway   | ATELIER_CATALOGUE             | file:/n  | ATELIER_CATALOGUE is 'file:/n'; it must be file: and the path
        gateway   | ATELIER_WEBHOOK_SECRETS       | whsec_AA | ATELIER_WEBHOOK_SECRETS has a wrong entry; each entry must be whsec_
        gateway   | ATELIER_WEBHOOK_ADDRESSES     | private  | ATELIER_WEBHOOK_ADDRESSES is 'private'; it must be one of public, any
        generator | ATELIER_REMOTE_SLOTS          | ten      | ATELIER_REMOTE_SLOTS is 'ten'; it must be a whole number from 0 to 256
        generator | ATELIER_GENERATOR_SLOTS       | 0        | ATELIER_GENERATOR_SLOTS is '0'; it must be greater than or equal to 1
        generator | ATELIER_GENERATOR_POOL        | remote   | ATELIER_GENERATOR_POOL and ATELIER_REMOTE_POOL are both 'remote'
        generator | ATELIER_TEST_CARD             | maybe    | ATELIER_TEST_CARD is 'maybe'; it must be true or false
        generator | ATELIER_MODELS_MEMORY         | -5MB     | ATELIER_MODELS_MEMORY is -5242880B; it must be 0B or more, such as 12GB.
        generator | ATELIER_MODELS_DEVICE_MEMORY  | -1GB     | ATELIER_MODELS_DEVICE_MEMORY is -1073741824B; it must be 0B or more
        generator | ATELIER_WORKER_RESTART        | maybe    | ATELIER_WORKER_RESTART is 'maybe'; it must be true or false
        generator | ATELIER_ENHANCER_TIMEOUT      | 5        | ATELIER_ENHANCER_TIMEOUT is '5'; it must be a duration with its unit
        generator | ATELIER_ENHANCER              | claude   | ATELIER_ENHANCER is 'claude'; it must be chat or flowise
        generator | FLOWISE_TIMEOUT               | soon     | FLOWISE_TIMEOUT is 'soon'; it must be a duration with its unit
        generator | FLOWISE_TIMEOUT               | 0        | FLOWISE_TIMEOUT is '0'; it must be longer than or equal to 1 milli
        generator | IO_ATELIER_FLOWISE_TIMEOUT    | 120      | IO_ATELIER_FLOWISE_TIMEOUT is '120'; it must be a duration with its unit
        gateway   | S3_PUBLIC_URL_BASE            | images   | S3_PUBLIC_URL_BASE has a wrong value; it must begin with http:// or https:// and have no blanks, '?' or '#', such as https://images.example.org
        gateway   | ATELIER_AVATARS_MODEL         | a b      | ATELIER_AVATARS_MODEL is 'a b'; it must be the name of a model, such as gpt-image-1.5
        generator | HF_SEND_SEED                  | maybe    | HF_SEND_SEED is 'maybe'; it must be true or false
        splitter  | ATELIER_SPLITTER_SLOTS        | many     | ATELIER_SPLITTER_SLOTS is 'many'; it must be a whole number from 1 to 64
        splitter  | ATELIER_WORKER_ID             | a b      | ATELIER_WORKER_ID is 'a b'; it must be 1 to 100 letters
        """)
    void isNamed(String application, String variable, String value, String message) {
        var variables = new HashMap<String, Object>(Map.of(
                "ATELIER_S3_ACCESS_KEY", "access",
                "ATELIER_S3_SECRET_KEY", "secret",
                // Nobody listens there.
                "ATELIER_KAFKA", "127.0.0.1:1",
                "ATELIER_HTTP_PORT", "0"));
        variables.put(variable, value == null ? "" : value);

        var failure = catchThrowable(() -> application(application)
                .environment(environment(variables))
                .run()
                .close());

        assertThat(failure).isNotNull();
        assertThat(SettingRefused.in(failure).map(SettingRefused::getMessage))
                .as(String.valueOf(failure))
                .hasValueSatisfying(text -> assertThat(text).contains(message).hasLineCount(1));
    }

    private static ConfigurableEnvironment environment(Map<String, Object> variables) {
        var environment = new StandardEnvironment();
        var name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        environment.getPropertySources().replace(name, new SystemEnvironmentPropertySource(name, variables));
        return environment;
    }

    private static SpringApplicationBuilder application(String name) {
        return switch (name) {
            case "gateway" -> GatewayApplication.application();
            case "generator" -> GeneratorApplication.application();
            default -> SplitterApplication.application();
        };
    }
}
