//! What to do about a change, the order of deployments included.

use super::ChangeKind;

pub(super) fn of(kind: ChangeKind) -> Option<&'static str> {
    Some(match kind {
        ChangeKind::AttributeAdded => {
            "older code that puts a whole item back drops it, while saves and updates keep it: write it once no older code is left, \
             or save and update in the releases before"
        }
        ChangeKind::RequiredAttributeAdded => {
            "deploy it as optional or with a `default`, back-fill the items once no older code is left, and then require it"
        }
        ChangeKind::RequiredAttributeRemoved => {
            "deploy it as optional first; remove it when no code is left that needs it"
        }
        ChangeKind::AttributeRemoved => {
            "its values stay in the items that are not put anew: remove it when no code is left that writes it"
        }
        ChangeKind::BecameRequired => {
            "give it a `default`, or back-fill the items that do not have it before this is deployed"
        }
        ChangeKind::BecameOptional => {
            "deploy a release that reads it as optional and always writes it; leave it out when no older code is left"
        }
        ChangeKind::MissingChanged => {
            "write the former value into the items that do not have the attribute before this is deployed"
        }
        ChangeKind::MissingRefused => {
            "back-fill the items that do not have the attribute before this is deployed"
        }
        ChangeKind::FormChanged => {
            "store the new form in an attribute of its own: declare a new optional field, write both, back-fill, and remove the old one"
        }
        ChangeKind::FormWidened => {
            "deploy a release that reads the wider type and writes only what the narrower one holds, by a rule such as `range`; drop the rule \
             when no older code is left"
        }
        ChangeKind::FormNarrowed => {
            "deploy a rule that refuses what the narrower type does not hold, mend the items that have it, and then narrow the type"
        }
        ChangeKind::StoredNameChanged | ChangeKind::OptionalStoredNameChanged => {
            "deploy a release that keeps the stored name and reads the new one too, `also_read = [\"new_name\"]`; then one that writes the new \
             name and reads the old one, `attribute = \"new_name\"` and `also_read = [\"old_name\"]`"
        }
        ChangeKind::NameMovedEarly => {
            "deploy a release before this one that keeps the old stored name and reads the new one too: `also_read = [\"new_name\"]`"
        }
        ChangeKind::NameMoved => {
            "keep `also_read` until every item was written anew; filters, projections and other programs see the stored name"
        }
        ChangeKind::NameNoLongerRead => {
            "write every item anew before this is deployed, so that none has the former name alone"
        }
        ChangeKind::VariantAdded => {
            "deploy a release that knows the variant and stores it nowhere; store it when no older code is left"
        }
        ChangeKind::VariantRemoved => {
            "deploy a release that stores it nowhere, mend the items that hold it, and then remove it"
        }
        ChangeKind::ManagedChanged => {
            "code that runs already writes it as before: deploy while nobody relies on it"
        }
        ChangeKind::MovedIntoKey => {
            "older code needs the attribute: make the field optional there first, or keep the attribute"
        }
        ChangeKind::MovedOutOfKey => {
            "items that are stored do not have the attribute: declare the new field as optional first"
        }
        ChangeKind::KeyChanged | ChangeKind::TableKeyChanged | ChangeKind::TableOfModelChanged => {
            "declare a new model beside this one, move its items by transactions that put the new item and delete the old one, and remove \
             this model when none is left"
        }
        ChangeKind::IndexKeyChanged | ChangeKind::IndexJoined => {
            "queries of the index find an item once it was written anew: back-fill before they are used"
        }
        ChangeKind::TypeNameAdded => {
            "give the items their type attribute before this is deployed, by other means than this model"
        }
        ChangeKind::TypeNameRemoved => {
            "older code passes over items without it: remove it when no older code is left"
        }
        ChangeKind::TypeNameChanged => {
            "keep what is stored: call the model as before; a name of your choice for Rust is an alias, `pub use models::Order as Purchase`"
        }
        ChangeKind::TableShared => {
            "deploy a release first that tells this model's items apart, by a declared second model that nothing writes yet"
        }
        ChangeKind::UniqueAdded => {
            "older code writes no guards, and reads of it meet them: deploy when no older code writes, and write every item anew before the \
             guarantee is relied on"
        }
        ChangeKind::UniqueRemoved => {
            "the guards of older code stay behind and refuse values that are free: deploy when no older code is left, and delete them"
        }
        ChangeKind::KeyShared => {
            "deploy a release first that declares the shared key, and write items of the other models when no older code is left"
        }
        ChangeKind::KeyNoLongerShared => {
            "delete the items of the other models first, when no code is left that writes them"
        }
        ChangeKind::ModelRemoved | ChangeKind::TableRemoved => {
            "what is stored stays: delete it when no code is left that reads it"
        }
        ChangeKind::IndexLeft | ChangeKind::IndexRemoved => {
            "stop querying the index first, and delete it when no older code is left"
        }
        ChangeKind::IndexAdded => {
            "create the index and wait until it is active before code that queries it runs; items get composed keys when they are written anew"
        }
        ChangeKind::LocalIndexAdded => {
            "DynamoDB creates local indexes with their table only: declare a global index, or move to a new table"
        }
        ChangeKind::IndexRebuilt | ChangeKind::ProjectionChanged => {
            "declare a second index under a new name, query that one when it is active, and delete the first when no older code is left"
        }
        ChangeKind::TtlChanged => {
            "DynamoDB takes up to an hour to follow, and deletes what has expired by then"
        }
        ChangeKind::StreamChanged => {
            "turn the stream off and on again; what reads it begins anew at a new stream"
        }
        ChangeKind::FieldRenamed
        | ChangeKind::TypeRenamed
        | ChangeKind::VariantRenamed
        | ChangeKind::QueryRenamed
        | ChangeKind::BuilderRequires => {
            "what is stored stays as it is: rename or add it in the code that calls it"
        }
        ChangeKind::ShapeRaised => {
            "code that runs reads no items of the new shape, and its writes of them are refused. Deploy a release that knows the new \
             shape and writes the one before, with `writes` and `downgrade`; remove both in the release after it"
        }
        ChangeKind::ShapeUnprepared => {
            "deploy a release before this one that declares `shape = 1`, or that knows the new shape and writes the first, with \
             `writes` and `downgrade`: code that runs may put over items of the new shape in silence"
        }
        ChangeKind::ShapeDeclared => "put items one by one, or in transactions: batches know no conditions",
        ChangeKind::ShapeKnown => {
            "deploy this release everywhere, then one without `writes` and `downgrade`, which writes the new shape"
        }
        ChangeKind::ShapeWritten => "deploy it when the release that knows this shape runs everywhere",
        ChangeKind::ShapeWrittenBack => {
            "what the newer shape alone holds is lost where whole items are put: let the downgrade keep what it can"
        }
        ChangeKind::ShapeGone => {
            "declare the shape again, and write an older one with `writes` and `downgrade` where older code is to read its items"
        }
        ChangeKind::ShapeLacksAttribute => {
            "conditions and filters are asked of items as they are stored: upgrade the items before you ask for this attribute, or \
             let the condition allow for the older shape"
        }
        ChangeKind::UserTypeChanged => {
            "what your types store is known to them alone: see to it that each reads what the other stores"
        }
    })
}
