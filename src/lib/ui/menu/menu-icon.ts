// The pictures of menu entries, imported one by one: nothing of the other thousand icons gets into a bundle.
import Bell from '@lucide/svelte/icons/bell';
import BookOpen from '@lucide/svelte/icons/book-open';
import Calendar from '@lucide/svelte/icons/calendar';
import ChartNoAxesColumn from '@lucide/svelte/icons/chart-no-axes-column';
import CircleUser from '@lucide/svelte/icons/circle-user';
import ClipboardCheck from '@lucide/svelte/icons/clipboard-check';
import Clock from '@lucide/svelte/icons/clock';
import CreditCard from '@lucide/svelte/icons/credit-card';
import Eye from '@lucide/svelte/icons/eye';
import FileText from '@lucide/svelte/icons/file-text';
import Film from '@lucide/svelte/icons/film';
import Folder from '@lucide/svelte/icons/folder';
import Globe from '@lucide/svelte/icons/globe';
import Heart from '@lucide/svelte/icons/heart';
import House from '@lucide/svelte/icons/house';
import Inbox from '@lucide/svelte/icons/inbox';
import Kanban from '@lucide/svelte/icons/kanban';
import LayoutDashboard from '@lucide/svelte/icons/layout-dashboard';
import LifeBuoy from '@lucide/svelte/icons/life-buoy';
import ListChecks from '@lucide/svelte/icons/list-checks';
import Mail from '@lucide/svelte/icons/mail';
import MessagesSquare from '@lucide/svelte/icons/messages-square';
import Package from '@lucide/svelte/icons/package';
import Palette from '@lucide/svelte/icons/palette';
import Paperclip from '@lucide/svelte/icons/paperclip';
import Picture from '@lucide/svelte/icons/image';
import RadioTower from '@lucide/svelte/icons/radio-tower';
import Receipt from '@lucide/svelte/icons/receipt';
import RefreshCw from '@lucide/svelte/icons/refresh-cw';
import Repeat from '@lucide/svelte/icons/repeat';
import Rocket from '@lucide/svelte/icons/rocket';
import Siren from '@lucide/svelte/icons/siren';
import ScrollText from '@lucide/svelte/icons/scroll-text';
import Settings from '@lucide/svelte/icons/settings';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import ShoppingCart from '@lucide/svelte/icons/shopping-cart';
import Sparkles from '@lucide/svelte/icons/sparkles';
import SquareCheck from '@lucide/svelte/icons/square-check';
import Star from '@lucide/svelte/icons/star';
import Store from '@lucide/svelte/icons/store';
import Target from '@lucide/svelte/icons/target';
import Users from '@lucide/svelte/icons/users';
import UsersRound from '@lucide/svelte/icons/users-round';
import Wallet from '@lucide/svelte/icons/wallet';
import type { IconName } from '#domain/icons.ts';
import type { Icon } from '#ui/base/icon.ts';

const PICTURES: Record<IconName, Icon> = {
	house: House,
	'layout-dashboard': LayoutDashboard,
	inbox: Inbox,
	users: Users,
	'users-round': UsersRound,
	'circle-user': CircleUser,
	'list-checks': ListChecks,
	'square-check': SquareCheck,
	kanban: Kanban,
	calendar: Calendar,
	clock: Clock,
	folder: Folder,
	'file-text': FileText,
	image: Picture,
	paperclip: Paperclip,
	'messages-square': MessagesSquare,
	mail: Mail,
	'life-buoy': LifeBuoy,
	store: Store,
	package: Package,
	'shopping-cart': ShoppingCart,
	sparkles: Sparkles,
	receipt: Receipt,
	'credit-card': CreditCard,
	wallet: Wallet,
	'refresh-cw': RefreshCw,
	repeat: Repeat,
	'chart-no-axes-column': ChartNoAxesColumn,
	target: Target,
	rocket: Rocket,
	palette: Palette,
	globe: Globe,
	'book-open': BookOpen,
	star: Star,
	heart: Heart,
	bell: Bell,
	eye: Eye,
	'shield-check': ShieldCheck,
	'radio-tower': RadioTower,
	film: Film,
	'scroll-text': ScrollText,
	siren: Siren,
	'clipboard-check': ClipboardCheck,
	settings: Settings
};

export const menuIcon = (name: IconName): Icon => PICTURES[name];
