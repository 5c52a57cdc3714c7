//! One-to-one relations: an item and its partner, changed and saved together.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

use crate::client::{Client, Deadline};
use crate::encode::EncodedItem;
use crate::error::{Context, Error, Result};
use crate::future::BoxFuture;
use crate::hooks;
use crate::item::Item;
use crate::managed::Written;
use crate::model::{Model, Record};
use crate::model_item::{key_attributes, to_item};
use crate::operation::builder::get::Get;
use crate::operation::builder::put::Put;
use crate::operation::builder::save::Tracked;
use crate::operation::builder::transaction::Transaction;
use crate::operation::write::conditions::Conditions;
use crate::operation::write::demands::Existence;
use crate::operation::write::difference::Extent;
use crate::operation::write::put::PutItem;
use crate::operation::write::update::UpdateItem;
use crate::validation::Violation;

/// An item and its partner in a one-to-one relation, to be changed and [saved](Self::save) together.
///
/// A relation `profile` of a model `Student` gives the function `student.with_profile(&db)`, which reads the profile and returns this
/// value:
///
/// ```
/// # use dynamorm::Operations;
/// # use example_models::school::{Profile, Student};
/// # example_models::examples::run(async |db| {
/// # let ada = example_models::examples::student(&db).await?;
/// let mut ada = ada.with_profile(&db).await?;
/// ada.parent.name = "Ada Lovelace".to_owned();
/// ada.partner.bio = "Writes programs.".to_owned();
/// ada.save().send(&db).await?; // one transaction, because both have changed
///
/// let profile = Profile::get("s1").send(&db).await?.expect("the save stored it");
/// assert_eq!(profile.bio, "Writes programs.");
/// # Ok(()) });
/// ```
///
/// Change `parent` and `partner` like the values themselves. A save sends only what has changed. If the relation declares
/// `create = true`, `with_profile` makes a missing profile, and `S` is [`Partner`]. Otherwise `S` is an `Option` of it.
///
/// The partner belongs to this value. Another value of the same model has another one, or none.
pub struct Related<M: Model, S: PartnerSlot> {
    /// The item itself.
    pub parent: Tracked<M>,
    /// Its partner, with the changes since it was read.
    pub partner: S,
    link: Link<M, S::Model>,
}

/// How to get from a model to its partner: for generated code.
#[doc(hidden)]
pub struct Link<M, P: Model> {
    /// The partner's key.
    pub key: fn(&M) -> Result<P::Key>,
    /// Gives a partner that key.
    pub fill: fn(&M, &mut P) -> Result<()>,
}

impl<M, P: Model> Clone for Link<M, P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, P: Model> Copy for Link<M, P> {}

/// The partner in a one-to-one relation. Use it like the value itself; [`Related`] has an example.
#[derive(Debug)]
pub struct Partner<P> {
    tracked: Tracked<P>,
    state: PartnerState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PartnerState {
    /// It was read or saved, so only later changes are saved.
    Stored,
    /// There was none, so a save demands that there still is none.
    New,
}

impl<P> Partner<P> {
    /// The value.
    pub fn into_inner(self) -> P {
        self.tracked.into_value()
    }
}

impl<P> Deref for Partner<P> {
    type Target = P;

    fn deref(&self) -> &P {
        &self.tracked
    }
}

impl<P> DerefMut for Partner<P> {
    fn deref_mut(&mut self) -> &mut P {
        &mut self.tracked
    }
}

/// Where a partner is kept: a [`Partner`] that is always there, or an `Option` of one.
pub trait PartnerSlot: sealed::Sealed {
    /// The partner's model.
    type Model: Model;

    #[doc(hidden)]
    fn partner(&mut self) -> Option<&mut Partner<Self::Model>>;

    #[doc(hidden)]
    fn from_partner(partner: Partner<Self::Model>) -> Self;
}

impl<P: Model> PartnerSlot for Partner<P> {
    type Model = P;

    fn partner(&mut self) -> Option<&mut Partner<P>> {
        Some(self)
    }

    fn from_partner(partner: Partner<P>) -> Self {
        partner
    }
}

impl<P: Model> PartnerSlot for Option<Partner<P>> {
    type Model = P;

    fn partner(&mut self) -> Option<&mut Partner<P>> {
        self.as_mut()
    }

    fn from_partner(partner: Partner<P>) -> Self {
        Some(partner)
    }
}

mod sealed {
    pub trait Sealed {}
    impl<P> Sealed for super::Partner<P> {}
    impl<P> Sealed for Option<super::Partner<P>> {}
}

impl<M: Model, P: Model> Related<M, Option<Partner<P>>> {
    /// Reads the partner of `parent`, and assumes that `parent` is as stored: for generated code.
    ///
    /// # Errors
    /// As [`Get::send`].
    #[doc(hidden)]
    pub async fn read(parent: M, link: Link<M, P>, db: &Client) -> Result<Self> {
        let found = Get::<P>::with_key((link.key)(&parent)?).send(db).await?;
        let partner =
            found.map(|found| Partner { tracked: Tracked::new(found), state: PartnerState::Stored });
        Ok(Related { parent: Tracked::new(parent), partner, link })
    }
}

impl<M: Model, P: Model> Related<M, Partner<P>> {
    /// Reads the partner of `parent`, or makes a new one if there is none: for generated code.
    ///
    /// # Errors
    /// As [`Get::send`]; or the new partner is invalid.
    #[doc(hidden)]
    pub async fn read_or_new(
        parent: M,
        link: Link<M, P>,
        new: fn(&M) -> Result<P>,
        db: &Client,
    ) -> Result<Self> {
        let Related { parent, partner, link } =
            Related::<M, Option<Partner<P>>>::read(parent, link, db).await?;
        let partner = match partner {
            Some(partner) => partner,
            None => Partner { tracked: Tracked::new(new(&parent)?), state: PartnerState::New },
        };
        Ok(Related { parent, partner, link })
    }
}

impl<M: Model, S: PartnerSlot> Related<M, S> {
    /// Gives the item another partner, which gets its key. The next save changes the stored partner into it.
    ///
    /// # Errors
    /// The item's fields do not make a key.
    pub fn set_partner(&mut self, partner: S::Model) -> Result<()> {
        let mut partner = partner;
        (self.link.fill)(&self.parent, &mut partner)?;
        match self.partner.partner() {
            Some(current) => current.tracked.replace(partner),
            None => {
                self.partner =
                    S::from_partner(Partner { tracked: Tracked::new(partner), state: PartnerState::New })
            }
        }
        Ok(())
    }

    /// The writes that save the changes of both, and the future items.
    fn changes(&mut self, extents: [Extent<'_>; 2]) -> Result<(Vec<PartnerWrite>, ChangedItems)> {
        let [of_parent, of_partner] = extents;
        let parent = self.parent.changes(of_parent, stored::<M>());
        let partner = match self.partner.partner() {
            Some(partner) => partner.changes::<M>(&self.parent, self.link, of_partner),
            None => Ok(None),
        };
        let (parent, partner) = both(parent, partner)?;
        let (parent, parent_item) = parent.map(|(update, item)| (PartnerWrite::Update(update), item)).unzip();
        let (partner, partner_item) = partner.unzip();
        Ok((parent.into_iter().chain(partner).collect(), (parent_item, partner_item)))
    }

    /// Both items as they are stored, after a save was refused because an item is stored in another form than it is read. A new
    /// partner is not stored.
    ///
    /// # Errors
    /// Either is not the item that was read, or cannot be read.
    async fn as_stored(&mut self, deadline: Deadline, db: &Client) -> Result<(Item, Option<Item>)> {
        let parent = self.parent.as_stored(None, deadline, db).await?;
        let partner = match self.partner.partner().filter(|partner| partner.state == PartnerState::Stored) {
            Some(partner) => Some(partner.tracked.as_stored(None, deadline, db).await?),
            None => None,
        };
        Ok((parent, partner))
    }

    /// Saves the changes of the item and its partner: of both or of neither.
    pub fn save(&mut self) -> SaveRelated<'_, M, S> {
        SaveRelated { related: self, deadline: None }
    }
}

impl<M: Model + fmt::Debug, S: PartnerSlot + fmt::Debug> fmt::Debug for Related<M, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Related")
            .field("parent", &self.parent)
            .field("partner", &self.partner)
            .finish_non_exhaustive()
    }
}

/// Saves what has changed of an item and its partner: as one transaction if both have changed, otherwise as one request.
///
/// [`Related::save`] returns it; [`Related`] has an example.
#[must_use = "nothing is written until `.send(&db)`"]
pub struct SaveRelated<'a, M: Model, S: PartnerSlot> {
    related: &'a mut Related<M, S>,
    deadline: Option<Duration>,
}

impl<M: Model, S: PartnerSlot> SaveRelated<'_, M, S> {
    /// Ends the operation after `deadline`, instead of after the client's.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Saves the changes; without any, nothing is sent.
    ///
    /// # Errors
    /// A value of either is invalid or its key has changed (nothing was sent), either does not exist any more, a new partner
    /// [exists already](Error::is_already_exists), or the request failed. The next save includes the unsaved changes. A
    /// transaction's error [says which](Error::cancellations) failed: 0 is the item, 1 its partner.
    pub async fn send(self, db: &Client) -> Result<()> {
        let SaveRelated { related, deadline } = self;
        let deadline = Deadline::of(deadline, db);
        if db.has_hooks() {
            deadline.bound(related.parent.before_save(db), db).await??;
            if let Some(partner) =
                related.partner.partner().filter(|partner| partner.state == PartnerState::Stored)
            {
                deadline.bound(partner.tracked.before_save(db), db).await??;
            }
        }
        let (writes, items) = related.changes([Extent::Places; 2])?;
        let written = match write(writes, deadline, db).await {
            Err(error) if error.may_be_of_defaults() => {
                let (parent, partner) = related.as_stored(deadline, db).await?;
                let extents = [
                    Extent::Attributes(&parent),
                    partner.as_ref().map_or(Extent::Places, Extent::Attributes),
                ];
                write(related.changes(extents)?.0, deadline, db).await?
            }
            outcome => outcome?,
        };
        let (parent_item, partner_item) = items;
        let mut written = written.iter();
        if let Some((item, written)) = parent_item.and_then(|item| Some((item, written.next()?))) {
            related.parent.saved(item, written);
            if db.has_hooks() {
                hooks::after_save(db, M::FACTS, related.parent.stored()).await;
            }
        }
        if let (Some(partner), Some((item, written))) =
            (related.partner.partner(), partner_item.and_then(|item| Some((item, written.next()?))))
        {
            partner.tracked.saved(item, written);
            let was = std::mem::replace(&mut partner.state, PartnerState::Stored);
            if db.has_hooks() && was == PartnerState::Stored {
                hooks::after_save(db, <S::Model as Record>::FACTS, partner.tracked.stored()).await;
            }
        }
        Ok(())
    }
}

impl<P: Model> Partner<P> {
    /// The write, and the item that it leaves; `None` without changes.
    fn changes<M>(
        &self,
        parent: &M,
        link: Link<M, P>,
        extent: Extent<'_>,
    ) -> Result<Option<(PartnerWrite, Item)>> {
        let (wanted, _) = key_attributes::<P>((link.key)(parent)?);
        let (key, _) = key_attributes::<P>(self.key());
        if let Some(part) = P::FACTS.table.key().find(|part| wanted.get(part.name) != key.get(part.name)) {
            let message =
                "is not what the relation gives its partner: set another partner, or change it back";
            return Err(Error::validation(
                Context::model(P::FACTS),
                vec![Violation::new(part.name, message)],
            ));
        }
        if self.state == PartnerState::Stored {
            let changes = self.tracked.changes(extent, stored::<P>())?;
            return Ok(changes.map(|(update, item)| (PartnerWrite::Update(update), item)));
        }
        let item = to_item::<P>(self)?;
        let conditions = Conditions::new(P::FACTS, Existence::Refused);
        let put = PutItem::new(Ok(EncodedItem::Map(item.clone())), conditions);
        Ok(Some((PartnerWrite::Put(Box::new(put)), item)))
    }
}

/// The demands of a save on an item that was read.
fn stored<M: Model>() -> Conditions {
    Conditions::new(M::FACTS, Existence::Required)
}

/// The future item and its future partner, if they change.
type ChangedItems = (Option<Item>, Option<Item>);

/// A write of either.
enum PartnerWrite {
    Update(Box<UpdateItem>),
    Put(Box<PutItem>),
}

/// Carries out the writes, and returns the values that the runtime wrote itself with each.
fn write(
    mut writes: Vec<PartnerWrite>,
    deadline: Deadline,
    db: &Client,
) -> BoxFuture<'_, Result<Vec<Written>>> {
    Box::pin(async move {
        if writes.len() > 1 {
            let mut transaction = Transaction::default();
            for write in writes {
                transaction = match write {
                    PartnerWrite::Update(update) => transaction.with(update.into_operation()),
                    PartnerWrite::Put(put) => transaction.with(put.into_operation()),
                };
            }
            return transaction.send_parts(deadline, db).await;
        }
        match writes.pop() {
            Some(PartnerWrite::Update(update)) => {
                update.send_within(deadline, db).await.map(|sent| vec![sent.written])
            }
            Some(PartnerWrite::Put(put)) => {
                put.send_within(deadline, db).await.map(|sent| vec![sent.written])
            }
            None => Ok(Vec::new()),
        }
    })
}

/// Both outcomes, or all violations of both, the partner's under `partner`.
fn both<A, B>(parent: Result<A>, partner: Result<B>) -> Result<(A, B)> {
    match (parent, partner) {
        (Ok(parent), Ok(partner)) => Ok((parent, partner)),
        (Err(parent), Err(partner)) if parent.is_validation() && partner.is_validation() => {
            let mut violations = parent.violations().to_vec();
            violations.extend(partner.violations().iter().map(|violation| violation.within("partner")));
            Err(Error::validation(Context { model: parent.model(), ..Context::default() }, violations))
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}

impl<M: Model, S: PartnerSlot> fmt::Debug for SaveRelated<'_, M, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SaveRelated").field("deadline", &self.deadline).finish_non_exhaustive()
    }
}

/// The partner with this key; if there is none, stores `new`: for generated code.
///
/// # Errors
/// As [`Get::send`] and [`Put::send`](crate::Put::send).
#[doc(hidden)]
pub async fn get_or_create<P: Model>(get: Get<P>, new: Result<P>, db: &Client) -> Result<P> {
    let get = get.consistent();
    let again = get.clone();
    if let Some(found) = get.send(db).await? {
        return Ok(found);
    }
    let mut new = new?;
    match Put::written_back(&mut new).if_not_exists().send(db).await {
        Ok(()) => Ok(new),
        // Another client was faster.
        Err(error) if error.is_already_exists() => again.send(db).await?.ok_or(error),
        Err(error) => Err(error),
    }
}
