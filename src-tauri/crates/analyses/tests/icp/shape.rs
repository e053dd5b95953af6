//! The report's shape on the wire is the documented one.

use analyses::icp::{DeclaredIcp, Dimension, IcpQuestion, SCHEMA};

use super::world::{Truth, question, world};

const DOCUMENTED: &str = include_str!("../../../../../docs/schemas/icp-1.json");

#[test]
fn the_report_has_the_documented_shape() {
    let target = Truth {
        deals: 1_500,
        target: (300, 2.0),
        ..Truth::null()
    };
    let declared = DeclaredIcp {
        values: [(Dimension::Industry, vec!["Target".to_owned()])].into(),
        seen_until: None,
    };
    let asked = IcpQuestion {
        draws: 20,
        declared: Some(declared),
        ..question()
    };
    for (truth, asked) in [
        (target, asked),
        (
            Truth {
                deals: 0,
                contacts: 0,
                ..Truth::null()
            },
            question(),
        ),
    ] {
        let report = serde_json::to_value(world(1, truth).report(&asked)).unwrap();
        assert_eq!(report["schema"], SCHEMA);
        crate::schema::check(DOCUMENTED, &report);
    }
}
