// Branded identifiers: mixing a client's with a contact's must not compile.
declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type AgencyId = Id<'agency'>;
export type StaffId = Id<'staff'>;
export type ClientId = Id<'client'>;
export type ContactId = Id<'contact'>;
export type ImpersonationId = Id<'impersonation'>;
export type PageId = Id<'page'>;
export type TaskId = Id<'task'>;
export type FileId = Id<'file'>;
export type FolderId = Id<'folder'>;
export type InvoiceId = Id<'invoice'>;
export type PaymentId = Id<'payment'>;
export type ServiceId = Id<'service'>;
export type PackageId = Id<'package'>;
export type AddOnId = Id<'add_on'>;
export type OrderId = Id<'order'>;
export type SubscriptionId = Id<'subscription'>;
export type ThreadId = Id<'thread'>;
export type MessageId = Id<'message'>;
export type RoleId = Id<'role'>;
export type DraftId = Id<'draft'>;
export type NoticeId = Id<'notice'>;
export type AnnouncementId = Id<'announcement'>;
export type UploadId = Id<'upload'>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** True for a lower-case UUID; anything else from an address or a form is not an id of ours. */
export const isUuid = (text: string): boolean => UUID.test(text);
