package io.atelier.generator.engine.diffusion.pipeline.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CardLicenseTests {

    @Test
    void licenseIsInTheFrontMatterOnly() {
        assertThat(CardLicense.of("---\ntags:\n- x\nlicense: apache-2.0\n---\n# Model"))
                .contains("apache-2.0");
        assertThat(CardLicense.of("---\r\nlicense: \"openrail++\"\r\n---\r\n")).contains("openrail++");
        assertThat(CardLicense.of("---\ntags: [x]\n---\nlicense: mit\n")).isEmpty();
        assertThat(CardLicense.of("# Model\n---\nlicense: mit\n---\n")).isEmpty();
        assertThat(CardLicense.of("")).isEmpty();
    }

    @Test
    void licenseWithoutAnIdHasAName() {
        assertThat(CardLicense.of("""
            ---
            license: other
            license_name: flux-1-dev-non-commercial-license
            license_link: LICENSE.md
            ---
            """)).contains("flux-1-dev-non-commercial-license");
        assertThat(CardLicense.of("---\nlicense: other\n---\n")).contains("other");
    }

    @Test
    void firstOfSeveralLicensesCounts() {
        assertThat(CardLicense.of("---\nlicense:\n- mit\n- apache-2.0\n---\n")).contains("mit");
        assertThat(CardLicense.of("---\nlicense:\ntags: [x]\n---\n")).isEmpty();
    }
}
